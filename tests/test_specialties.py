import pytest

from evalcore import specialties


def test_every_code_has_an_english_and_a_chinese_name_of_its_own():
    for column in (0, 1):
        names = [pair[column] for pair in specialties.CODES.values()]
        assert all(names)
        assert len(set(names)) == len(names) == 40


@pytest.mark.parametrize(
    ("table", "size"),
    [
        (specialties.MEDMCQA, 21),
        (specialties.MMLU, 6),
        (specialties.UNIMEDICALEVAL, 16),
        (specialties.MMEDBENCH, 21),
    ],
)
def test_every_published_name_leads_to_a_code_on_the_list(table, size):
    assert len(table) == size
    assert set(table.values()) - {""} <= set(specialties.CODES)


def test_names_are_found_whatever_their_case():
    assert specialties.from_medmcqa("Gynaecology & Obstetrics") == "obstetrics_gynaecology"
    assert specialties.from_medmcqa("skin") == "dermatology"
    assert specialties.from_mmlu("mmlu_medical_genetics") == "genetics"
    assert specialties.from_mmedbench("Hematology") == "haematology"


def test_a_department_is_found_with_or_without_its_last_character():
    assert specialties.from_unimedicaleval("心血管内科") == "cardiology"
    assert specialties.from_unimedicaleval("心血管") == "cardiology"
    assert specialties.from_unimedicaleval("泌尿外") == "urology"
    assert specialties.from_unimedicaleval("整形外科") == "surgery"


def test_an_unknown_or_missing_subject_has_no_code():
    assert specialties.from_medmcqa("Unknown") == ""
    assert specialties.from_medmcqa(None) == ""
    assert specialties.from_unimedicaleval("") == ""
    assert specialties.from_mmlu("astronomy") == ""


def test_names_are_shown_in_the_readers_language():
    assert specialties.name("cardiology") == "Cardiology"
    assert specialties.name("cardiology", "zh") == "心血管内科"
    assert specialties.name("mine") == "mine"


def test_every_subject_of_the_real_medmcqa_file_is_known(data_dir):
    import pyarrow.parquet as parquet

    folder = data_dir / "hub/openlifescienceai/medmcqa/data"
    subjects = set()
    for file in folder.glob("*.parquet"):
        subjects |= set(parquet.read_table(file)["subject_name"].to_pylist())
    # the local copy has no subject (its README says so); a full one must bring no name that is not mapped
    assert subjects - {None} <= set(specialties.MEDMCQA)


def test_every_mmlu_folder_is_known(data_dir):
    folders = {path.name for path in (data_dir / "hub/cais/mmlu").iterdir() if path.is_dir()}
    assert folders == set(specialties.MMLU)
