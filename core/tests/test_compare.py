"""What two names, a name and a nickname, two addresses say of each other."""

import pytest
from tokui.identity.compare import towns
from tokui.identity.match import judge
from tokui.identity.normalise import place
from tokui.identity.rules import Rules
from tokui.identity.weigh import DEFAULT
from tokui.model import Address, Customer, Identifier, PersonName

PHONE = "090-2468-1357"


@pytest.mark.parametrize(
    ("nick", "given_kana", "code"),
    [
        ("翔太", "ショウタ", "nick.same"),
        ("しょうちゃん", "ショウタ", "nick.part"),
        ("ゆきちゃん", "ユキ", "nick.same"),
        ("翔太", "ケンタ", "nick.differ"),
        ("凰華璃", "ショウタ", None),
    ],
)
def test_a_nickname_in_characters_is_heard_as_it_may_be_read(nick, given_kana, code):
    plain = Rules("line").features(Customer(external_id="1", name=PersonName(display=nick)))
    name = PersonName(family_kana="オオエ", given_kana=given_kana)
    said = {
        each.code
        for each in judge(plain, Rules("till").features(Customer(external_id="1", name=name))).terms
    }

    assert said == ({code} if code else set())


def called(family, given, *, phone=PHONE):
    name = PersonName(family=family, given=given)
    found = Customer(
        external_id="1", name=name, identifiers=(Identifier(kind="phone", value=phone),)
    )
    return Rules("till").features(found)


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("Yuta", "Yuto", "given.rhyme"),
        ("リュウセイ", "リュウヘイ", "given.rhyme"),
        ("Takahiro", "Takahito", "given.rhyme"),
        ("Takahiro", "Takahirp", "given.near"),
        ("Ken", "Kenta", "given.differ"),
        ("Maria Aparecida", "マリア", "given.part"),
        ("John William", "William", "given.part"),
        ("Maria Clara", "Maria Luisa", "given.differ"),
        ("邦子", "邦夫", "given.character"),
        ("句仁子", "国夫", "given.differ"),
    ],
)
def test_names_in_use_are_no_slips_of_each_other_and_middle_names_may_be_left_out(one, other, code):
    judged = judge(called("Santos", one), called("Santos", other))

    assert code in {term.code for term in judged.terms}
    assert (judged.score >= DEFAULT.merge) is (code == "given.near")


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("中央区銀座4-6-1", "銀座4-6-1", "address.same"),
        ("中央区東銀座4-6-1", "銀座4-6-1", "address.differ"),
        ("渋谷区神宮前", "渋谷区神宮前", "postal.same"),
        ("中央区日本橋茅場町", "中央区日本橋茅場町", "postal.same"),
        ("横浜市中区", "神奈川県横浜市中区", None),
        ("四日市市", "四日市市", None),
        ("不明", "不明", None),
        ("川崎市中原区", "川崎市中央区", "address.differ"),
        ("札幌市北区北11条西", "北区北11条西", "address.same"),
    ],
)
def test_an_address_that_says_no_more_than_a_city_says_nothing(one, other, code):
    left, right = (place(Address(line1=each)) for each in (one, other))

    assert towns(left, right) == towns(right, left) == code
