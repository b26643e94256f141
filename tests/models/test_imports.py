import subprocess
import sys


def test_the_room_opens_without_torch_transformers_or_openai():
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, evalcore.models as m; m.check('demo:strong'); m.identify('demo:weak');"
            "print([n for n in ('torch', 'transformers', 'openai', 'datasets') if n in sys.modules])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"
