"""`tokui consent`: what people said, shown, written down and imported."""

import csv

import pytest

AYA = {
    "id": "c-1",
    "at": "2026-11-01T00:00:00+00:00",
    "name": "佐藤彩",
    "email": "Aya.Sato@example.com",
    "phone": "090-1357-2468",
}
KEN = {**AYA, "id": "c-2", "name": "鈴木健", "email": "ken@example.com", "phone": "080-2222-3434"}
AOKI = ("--as", "Aoki")
FORM = ("--evidence", "form", "--reference", "F-17", "--notice", "2026-04")


@pytest.fixture
def people(shop):
    shop.write([AYA, KEN])
    shop.run("sync")
    return shop


def state(shop, who="book:c-1", kind="email"):
    ways = shop.json("consent", "show", who)["ways"]
    return next(each["state"] for each in ways if each["point"].startswith(kind))


def write(shop, *rows, name="consents.csv"):
    columns = list(dict.fromkeys(key for row in rows for key in row))
    with (shop.folder / name).open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.DictWriter(file, columns)
        lines.writeheader()
        lines.writerows(rows)
    return name


def row(state, customer="c-1", **more):
    said = {"connection": "book", "external_id": customer, "contact": "email", "state": state}
    return {**said, "evidence": "", "occurred_at": "2026-10-01T09:00+09:00", **more}


def test_nobody_may_be_written_to_who_was_not_asked(people):
    assert (state(people), state(people, kind="phone")) == ("unknown", "unknown")
    assert "unknown" in people.run("consent", "show", "book:c-1").stdout


def test_a_yes_is_written_with_its_proof(people):
    people.run(
        "consent", "set", "book:c-1", "--contact", "email", "--state", "granted", *FORM, *AOKI
    )

    [said] = people.json("consent", "history", "book:c-1")["statements"]
    assert (state(people), state(people, kind="phone")) == ("granted", "unknown")
    assert (said["evidence"], said["reference"], said["actor"]) == ("form", "F-17", "staff:Aoki")


def test_a_proof_is_shown_to_staff_in_their_words(people):
    people.run(
        "consent", "set", "book:c-1", "--contact", "email", "--state", "granted", *FORM, *AOKI
    )

    for command in ("show", "history"):
        assert "申込書" in people.run("consent", command, "book:c-1", "--lang", "ja").stdout


def test_a_yes_needs_its_proof(people):
    args = ("consent", "set", "book:c-1", "--contact", "email", "--state", "granted", *AOKI)

    assert "evidence" in people.run(*args, code=2).stderr


def test_a_no_to_everything_is_one_word(people):
    people.run(
        "consent", "set", "book:c-1", "--contact", "email", "--state", "granted", *FORM, *AOKI
    )
    people.run("consent", "set", "book:c-1", "--contact", "any", "--state", "denied", *AOKI)

    ways = people.json("consent", "show", "book:c-1")["ways"]
    assert {(each["state"], each["nowhere"]) for each in ways} == {("denied", True)}
    assert (
        "拒否 (すべての連絡先)" in people.run("consent", "show", "book:c-1", "--lang", "ja").stdout
    )


def test_an_address_that_is_not_theirs_is_refused_and_not_repeated(people):
    wrong = ("--contact", "email", "--value", "ken@example.com", "--state", "denied", *AOKI)

    assert "ken@" not in people.run("consent", "set", "book:c-1", *wrong, code=2).output


def test_what_is_said_of_a_customer_hangs_on_that_one(shops):
    args = ("--contact", "any", "--state", "denied", "--as", "Aoki")

    heard = [shops.json("consent", "set", who, *args)["customer"] for who in ("till:t1", "book:b1")]

    assert heard == ["till:t1", "book:b1"]


def test_the_same_word_is_written_once(people):
    no = ("--contact", "email", "--state", "denied", "--at", "2026-01-01")
    people.run("consent", "set", "book:c-1", *no, "--as", "Aoki")
    people.run("consent", "set", "book:c-1", *no, "--as", "Mori")

    [said] = people.json("consent", "history", "book:c-1")["statements"]
    assert said["actor"] == "staff:Aoki"


def test_a_dry_run_writes_no_word_down(people):
    args = ("consent", "set", "book:c-1", "--contact", "email", "--state", "denied", *AOKI)

    assert people.json(*args, "--dry-run")["points"]
    assert state(people) == "unknown"


def test_a_file_of_consents_is_read_once(people):
    name = write(people, row("granted"), row("denied", "c-2"))

    first = people.json("consent", "import", name, *AOKI)
    again = people.json("consent", "import", name, *AOKI)

    assert (first["stored"], again["stored"], again["unchanged"]) == (2, 0, 2)
    assert (state(people), state(people, "book:c-2")) == ("granted", "denied")


def test_an_import_turns_no_no_into_a_yes(people):
    no = ("--contact", "email", "--state", "denied", "--at", "2026-01-01", *AOKI)
    people.run("consent", "set", "book:c-1", *no)

    people.run("consent", "import", write(people, row("granted")), *AOKI)

    assert state(people) == "denied"


def test_the_proof_of_a_line_may_be_handed_in_later(people):
    no = ("--contact", "email", "--state", "denied", "--at", "2026-01-01", *AOKI)
    people.run("consent", "set", "book:c-1", *no)
    people.run("consent", "import", write(people, row("granted")), *AOKI)

    people.run("consent", "import", write(people, row("granted", evidence="form")), *AOKI)

    assert state(people) == "granted"


def test_bad_lines_are_listed_by_number_and_never_quoted(people):
    secret = "aya.sato@example.com"
    name = write(
        people,
        row("granted"),
        row("perhaps " + secret),
        row("granted", "c-9"),
        row("granted", value=f"{secret} or so"),
        row("granted", contact="any", value=secret),
        row("granted", occurred_at="last spring"),
        row("granted", connection=""),
    )

    done = people.json("consent", "import", name, *AOKI, code=5)

    assert done["stored"] == 1
    assert [each["line"] for each in done["bad"]] == [3, 4, 5, 6, 7, 8]
    assert "state: Input should be 'granted', 'denied', " in done["bad"][0]["reason"]
    assert secret not in str(done)
    assert (
        "line 4: there is no such customer"
        in people.run("consent", "import", name, *AOKI, code=5).stdout
    )


def test_a_line_said_in_the_future_is_left_out(people):
    later = row("granted", evidence="form", occurred_at="2999-01-01")
    name = write(people, row("denied"), later)

    done = people.json("consent", "import", name, *AOKI, code=5)

    assert done["bad"] == [{"line": 3, "reason": "occurred_at is in the future"}]
    assert state(people) == "denied"


def test_a_file_without_columns_is_refused_whole(people):
    (people.folder / "bare.csv").write_text("book,c-1,aya.sato@example.com,granted\n")

    said = people.run("consent", "import", "bare.csv", *AOKI, code=3).stderr

    assert "external_id" in said
    assert "aya" not in said


def test_a_file_that_is_not_utf_8_is_refused(people):
    (people.folder / "sjis.csv").write_bytes(
        "connection,external_id,contact,state\n東京".encode("cp932")
    )

    assert "UTF-8" in people.run("consent", "import", "sjis.csv", *AOKI, code=2).stderr


def test_a_dry_run_of_an_import_writes_nothing(people):
    done = people.json("consent", "import", write(people, row("granted")), *AOKI, "--dry-run")

    assert (done["stored"], state(people)) == (1, "unknown")
