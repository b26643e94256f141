"""What an endpoint must look like."""

import subprocess
import sys
from dataclasses import replace

import pytest
from asking import SECRET

from evalcore.errors import EndpointError, UsageError
from evalcore.models.endpoints import OPENAI, key_of, validated
from evalcore.types import Endpoint

GOOD = Endpoint("house-1", ("http://10.0.0.7:8000/v1", "https://[::1]:8443/v1"), key_env="HOUSE_KEY")


def test_good_endpoints_pass_as_they_are():
    assert validated(GOOD) is GOOD
    assert validated(OPENAI).base_urls == ("https://api.openai.com/v1",)


@pytest.mark.parametrize("name", ["", "Open AI", "a/b", "UPPER", "é", "x" * 65, "a\n"])
def test_names_that_cannot_stand_in_a_model_name_are_refused(name):
    with pytest.raises(UsageError, match="name"):
        validated(replace(GOOD, name=name))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.openai.com/v1",
        "ftp://host/v1",
        "file:///etc/passwd",
        "https://",
        "http://host:notaport/v1",
        "http://host:99999/v1",
        "http://[::1/v1",
        "https://host/v1 ",
        "https://ho\nst/v1",
        "https://host/v1?key=1",
        "https://host/v1#x",
        f"https://user:{SECRET}@host/v1",
        f"https://host/v1?api_key={SECRET}",
    ],
)
def test_urls_that_cannot_be_are_refused_without_showing_what_may_be_secret(url):
    with pytest.raises(UsageError, match="base URL") as error:
        validated(replace(GOOD, base_urls=(GOOD.base_urls[0], url)))
    assert SECRET not in str(error.value)


def test_an_endpoint_needs_an_address():
    with pytest.raises(UsageError, match="no base URL"):
        validated(replace(GOOD, base_urls=()))


def test_a_key_given_instead_of_its_variables_name_is_refused_and_not_shown():
    with pytest.raises(UsageError) as error:
        validated(replace(GOOD, key_env=SECRET))
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    "fields", [{"rpm": -1}, {"tpm": -1}, {"in_flight": 0}, {"in_flight": 5000}, {"price_in": -1.0},
               {"price_out": float("nan")}]
)  # fmt: skip
def test_numbers_that_cannot_be_are_refused(fields):
    with pytest.raises(UsageError):
        validated(replace(GOOD, **fields))


@pytest.mark.parametrize("value", [f"{SECRET}\nx", f"{SECRET}é"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_shown(monkeypatch, value):
    monkeypatch.setenv("HOUSE_KEY", value)
    with pytest.raises(EndpointError) as error:
        key_of(GOOD)
    assert SECRET not in str(error.value)


def test_checking_an_endpoint_loads_no_client_library():
    found = "[name for name in ('openai', 'torch', 'httpx2') if name in sys.modules]"
    code = f"import sys, evalcore.models.endpoints; print({found})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "given",
    [
        "sk_live_abcdef",
        "hf_QwErTyUiOp",
        "gsk_1",
        "AKIAIOSFODNN7EXAMPLE",
        "0f1e2d3c4b5a69788796a5b4c3d2e1f0"[1:],
    ],
)
def test_what_looks_like_a_key_is_no_variables_name_and_is_not_shown(given):
    with pytest.raises(UsageError, match="key") as error:
        validated(replace(GOOD, key_env=given))
    assert given not in str(error.value)


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "company_openai_key_26", "KEY2", "_k", "CLINICALAPIKEY"])
def test_usual_names_of_variables_pass(name):
    assert validated(replace(GOOD, key_env=name)).key_env == name
