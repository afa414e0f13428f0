"""A folder of mails: what arrived, in which order, and how often an address failed."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from tokui.connector import Pull
from tokui.errors import ConfigError, PolicyRefusal
from tokui.model import Delivery, Suppression
from tokui_contracts.mail import delivery_report, unsubscribing
from tokui_email.progress import OVERLAP_US
from tokui_email.records import customer_id

START = datetime(2026, 9, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def mail(smtp, maildir):
    return smtp(maildir=maildir)


@pytest.fixture
def arrive(maildir, mail, server, parcel):
    """`arrive(day, status, address)`: a bounce of a new message; its name in the folder."""

    def put(day, status="4.2.2", address="hanako@example.jp"):
        key = f"key-{len(server.received)}"
        mail.send(parcel(address, key=key, purpose="marketing"))
        path = maildir / "new" / f"{day}-{key}.host"
        path.write_bytes(delivery_report(server.received[-1], status))
        at = (START + day * DAY).timestamp()
        os.utime(path, (at, at))
        return path

    return put


def read(mail, cursor=None, day=400):
    """All records, and the cursor of the last page."""
    found = []
    for page in mail.pull(Pull("bounces", cursor, START + day * DAY)):
        cursor = page.cursor
        found += [record for item in page.items for record in mail.parse("bounces", item)]
    return found, cursor


def suppressed(records):
    return [record.external_id for record in records if isinstance(record, Suppression)]


def test_three_failures_in_a_month_stop_an_address(mail, arrive):
    *_, third = [arrive(day) for day in (1, 10, 20)]

    assert suppressed(read(mail)[0]) == [third.name]


def test_three_failures_in_a_year_do_not(mail, arrive):
    for day in (1, 40, 80):
        arrive(day)

    assert suppressed(read(mail)[0]) == []


def test_failures_of_others_do_not_count(mail, arrive):
    for day, address in enumerate(("a@x.example", "b@x.example", "c@x.example")):
        arrive(day, address=address)

    assert suppressed(read(mail)[0]) == []


def test_failures_are_counted_over_many_runs(mail, arrive):
    cursor, found = None, []
    for day in (1, 10, 20):
        arrive(day)
        records, cursor = read(mail, cursor)
        found += suppressed(records)

    assert len(found) == 1


def test_two_reports_on_one_message_are_one_failure(mail, arrive, maildir):
    first = arrive(1)
    for day in (2, 3):
        again = maildir / "new" / f"{day}.host"
        again.write_bytes(first.read_bytes())
        os.utime(again, ((START + day * DAY).timestamp(),) * 2)

    assert suppressed(read(mail)[0]) == []


def test_zero_means_that_failures_for_a_time_never_count(smtp, maildir, arrive):
    for day in range(5):
        arrive(day)

    assert suppressed(read(smtp(maildir=maildir, soft_bounces=0))[0]) == []


def test_what_was_read_is_not_read_again(mail, arrive):
    arrive(1)
    _, cursor = read(mail)

    assert read(mail, cursor)[0] == []


def test_a_mail_that_was_moved_is_the_same_mail(mail, arrive, maildir):
    path = arrive(1)
    _, cursor = read(mail)
    path.rename(maildir / "cur" / f"{path.name}:2,S")

    assert read(mail, cursor)[0] == []


def test_a_mail_that_became_visible_late_is_read(mail, arrive, maildir):
    arrive(1)
    _, cursor = read(mail)
    late = arrive(1)
    at = (START + DAY).timestamp() - OVERLAP_US / 2e6
    os.utime(late, (at, at))

    assert [type(record) for record in read(mail, cursor)[0]] == [Delivery]


def test_a_mail_that_vanishes_while_it_is_read_stops_nothing(mail, arrive):
    first, second = arrive(1), arrive(2, "5.1.1")
    pages = mail.pull(Pull("bounces", None, START + 9 * DAY))
    first.unlink()

    assert [item["id"] for page in pages for item in page.items] == [second.name]


def test_the_cursor_shows_no_address(mail, arrive):
    arrive(1)

    assert "hanako" not in str(read(mail)[1])


def test_a_folder_that_is_no_maildir_is_a_mistake_of_the_file(smtp, tmp_path):
    mail = smtp(maildir=tmp_path / "nowhere")

    with pytest.raises(ConfigError, match="no folder `new`"):
        read(mail)
    assert any(each.level == "problem" for each in mail.check())


def test_without_a_folder_there_is_nothing_to_read(smtp):
    mail = smtp()

    assert list(mail.streams()) == []
    assert read(mail) == ([], None)
    assert mail.export(["x"]) == {"bounces": []}


def test_whom_a_mail_names_is_exported_and_must_be_erased_by_hand(mail, arrive, maildir, server):
    path = arrive(1)
    asked = maildir / "cur" / "asked.host:2,"
    asked.write_bytes(unsubscribing(server.received[0]))
    arrive(2, address="another@example.jp")
    who = customer_id("hanako@example.jp")

    names = {item["id"] for item in mail.export([who])["bounces"]}
    with pytest.raises(PolicyRefusal, match="still holds 2 mails"):
        mail.erase([who])
    path.unlink()
    asked.unlink()

    assert names == {path.name, "asked.host"}
    assert mail.erase([who]).erased == {}
