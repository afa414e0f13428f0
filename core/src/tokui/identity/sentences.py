"""
What evidence says, in Japanese and English: one sentence for each term, objection and verdict.

Shop staff read them beside the two records, so they name kinds of things and never a value.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from tokui.identity.weigh import Objection

Lang: TypeAlias = Literal["en", "ja"]
Verdict: TypeAlias = Literal["same", "asked", "apart"]
Rival: TypeAlias = Literal["family", "stranger"]

SENTENCES: Mapping[str, tuple[str, str]] = {
    "given.same": ("名が同じです。", "The given names are the same."),
    "given.reading": (
        "一方の名の読みが、もう一方の名に合います。",
        "One given name is the reading of the other, or reads the same.",
    ),
    "given.sound": ("名の読みが同じです。", "The given names sound the same."),
    "given.near": (
        "名が一字違いです。書き間違いかもしれません。",
        "The given names differ by one letter, which may be a slip.",
    ),
    "given.rhyme": (
        "名が一字違いですが、どちらもある名なので、別の方かもしれません。",
        "The given names are a slip apart, but both are in use, so they may be two people's.",
    ),
    "given.part": (
        "名の一部か、考えられる読みの一つが同じです。",
        "The given names share a part, or one of their possible readings.",
    ),
    "given.character": (
        "名の一字が同じですが、兄弟姉妹にもよくあります。",
        "The given names share a character, as those of brothers and sisters often do.",
    ),
    "given.differ": ("名が違います。", "The given names differ."),
    "given.unlike": (
        "名の読みが合いませんが、珍しい読み方かもしれません。",
        "The given names do not sound alike, though one may have an unusual reading.",
    ),
    "names.turned": (
        "姓と名が逆ですが、同じお名前です。",
        "The names are the same, with family and given name turned around.",
    ),
    "nick.same": (
        "ニックネームが、もう一方の名と同じです。",
        "The nickname of one is the given name of the other.",
    ),
    "nick.part": (
        "ニックネームが、もう一方の名に似ています。",
        "The nickname of one begins like the given name of the other.",
    ),
    "nick.differ": (
        "ニックネームからは、もう一方の名が分かりません。",
        "The nickname of one does not look like the given name of the other.",
    ),
    "mailbox.given": (
        "一方のメールアドレスに、もう一方の名が入っています。",
        "The e-mail address of one has the given name of the other in it.",
    ),
    "family.same": ("姓が同じです。", "The family names are the same."),
    "family.same.common": (
        "姓が同じですが、よくある姓です。",
        "The family names are the same, but many people have this one.",
    ),
    "family.same.rare": (
        "珍しい姓が同じです。",
        "The family names are the same, and few people have this one.",
    ),
    "family.near": ("姓が似ています。", "The family names are much alike."),
    "family.differ": (
        "姓が違います。結婚などで変わることもあります。",
        "The family names differ; one may have changed, as by marriage.",
    ),
    "birthday.same": ("生年月日が同じです。", "The dates of birth are the same."),
    "birthday.twins": (
        "生年月日が同じですが、名が違うので双子かもしれません。",
        "The dates of birth are the same, but with other given names they may be twins.",
    ),
    "birthday.day": (
        "誕生日の月日が同じです。年は分かりません。",
        "The birthdays fall on the same day; the year is not known.",
    ),
    "birthday.near": (
        "生年月日が一字違いか、月と日が逆か、分かるところだけ同じです。",
        "The dates of birth are one digit apart, or turned around, or alike as far as they are known.",
    ),
    "birthday.differ": ("生年月日が違います。", "The dates of birth differ."),
    "unique.same": (
        "一人に一つだけのIDが同じです。",
        "They have the same ID, of a kind that is one person's for ever.",
    ),
    "unique.near": (
        "一人に一つだけのIDが一字違いです。書き間違いかもしれません。",
        "Their IDs, of a kind that is one person's for ever, differ by a slip.",
    ),
    "unique.differ": (
        "一人に一つだけのはずのIDが違います。",
        "They have different IDs, of a kind that people rarely have two of.",
    ),
    "email.verified": (
        "確認済みの同じメールアドレスです。",
        "They have the same e-mail address, which was verified.",
    ),
    "email.same": (
        "同じメールアドレスですが、家族で共有されることがあります。",
        "They have the same e-mail address, but families may share one.",
    ),
    "email.differ": (
        "メールアドレスが違いますが、複数お持ちの方もいます。",
        "The e-mail addresses differ, but people may have several.",
    ),
    "mobile.same": (
        "同じ携帯電話番号ですが、家族で共有されることがあります。",
        "They have the same mobile number, but families may share one.",
    ),
    "mobile.differ": (
        "携帯電話番号が違いますが、変わったのかもしれません。",
        "The mobile numbers differ, but one may have changed.",
    ),
    "phone.verified": (
        "確認済みの同じ電話番号です。",
        "They have the same phone number, which was verified.",
    ),
    "landline.same": (
        "同じ固定電話の番号ですが、家族や職場で共有されます。",
        "They have the same landline, which a family or an office shares.",
    ),
    "number.same": ("同じ会員番号です。", "They have the same member number."),
    "number.weak": (
        "同じ会員番号ですが、打ち間違いを見分けられない番号です。",
        "They have the same member number, but a slip in it could not be told.",
    ),
    "number.tail": (
        "一方の会員番号が、もう一方の末尾と同じです。",
        "The member number of one is the end of the other's.",
    ),
    "number.differ": (
        "会員番号が違いますが、カードを複数お持ちの方もいます。",
        "The member numbers differ, but people may have several cards.",
    ),
    "shared.same": (
        "同じ連絡先か番号ですが、多くの方が使うもので、ほとんど根拠になりません。",
        "They have the same contact or number, but so many people do that it proves little.",
    ),
    "sole.differ": (
        "一人に一つだけの確認済みの連絡先か番号が違います。",
        "They have different verified values of a kind that a person has but one of.",
    ),
    "address.same": (
        "住所が同じです。家族も同じ住所です。",
        "The addresses are the same, as a family's are.",
    ),
    "address.near": (
        "住所の書き方が少し違うだけです。家族も同じ住所です。",
        "The addresses are spelt a little differently; a family's are the same.",
    ),
    "postal.same": ("同じ町です。", "They live in the same neighbourhood."),
    "address.differ": (
        "住所が違いますが、引っ越したのかもしれません。",
        "The addresses differ, but one may have moved.",
    ),
    "vote.same": ("プラグインは同じ方だと判断しました。", "A plugin says that it is one person."),
    "vote.different": (
        "プラグインは別の方だと判断しました。",
        "A plugin says that they are different people.",
    ),
    "vote.ask": (
        "プラグインは人の確認を求めています。",
        "A plugin wants people to decide.",
    ),
}
"""Code of a term → what it says, in Japanese and English."""

SAID: Mapping[str, tuple[str, str]] = {
    "answer.same": ("同じ方だと、確認済みです。", "Somebody said that they are the same person."),
    "answer.different": (
        "別の方だと、確認済みです。",
        "Somebody said that they are different people.",
    ),
    "the source merged them": (
        "元のシステムで統合されました。",
        "The source itself merged them.",
    ),
}
"""What a decision rests on, beside what was weighed."""

OBJECTIONS: Mapping[Objection, tuple[str, str]] = {
    "answer": ("別の方だと、確認済みです。", "Somebody said that they are different people."),
    "conflict": (
        "すでに同じ方とされた記録の中に、はっきり食い違うものがあります。",
        "Among the records already linked to either, two contradict each other plainly.",
    ),
    "average": (
        "すでに同じ方とされた記録全体では、根拠が足りません。",
        "Over all records already linked to either, the evidence is too thin.",
    ),
    "duplicates": (
        "同じ店の二つの登録なので、名か誕生日と、ほかにもう一つの一致が必要です。",
        "They are two records of one source, which need a name or birthday and something else to agree.",
    ),
    "duplicates.review": (
        "同じ店の二つの登録なので、人の確認が必要です。",
        "They are two records of one source, where people are to decide.",
    ),
    "duplicates.never": (
        "同じ店の二つの登録で、この店では二つの登録を同じ方としない設定です。",
        "They are two records of one source, whose records are never joined by a rule.",
    ),
}
"""Why two groups of customers are not joined, whatever the pair says."""

VERDICTS: Mapping[str, tuple[str, str]] = {
    "same": ("同じ方です (およそ {odds})。", "The same person: the odds are {odds}."),
    "asked": (
        "同じ方かもしれません (およそ {odds})。確認してください。",
        "Perhaps the same person: the odds are {odds}, so people are asked.",
    ),
    "apart": ("同じ方とはしません (およそ {odds})。", "Not linked: the odds are {odds}."),
    "said.same": (
        "同じ方だと、確認済みです (記録だけではおよそ {odds})。",
        "Said to be the same person; by the records alone, the odds are {odds}.",
    ),
    "said.different": (
        "別の方だと、確認済みです (記録だけではおよそ {odds})。",
        "Said to be different people; by the records alone, the odds are {odds}.",
    ),
    "through": (
        "ほかの記録を通じて、同じ方です (この二つだけではおよそ {odds})。",
        "The same person through other records; by these two alone, the odds are {odds}.",
    ),
}
"""The first sentence: what becomes of the two, or what was said of them."""

RIVALS: Mapping[Rival, tuple[str, str]] = {
    "family": (
        "二人の方だとすれば、おそらくご家族です。",
        "If they are two people, they are most likely of one family.",
    ),
    "stranger": (
        "二人の方だとすれば、おそらくよく似た他人です。",
        "If they are two people, they are most likely strangers who look alike.",
    ),
}
NOTHING = ("比べられるものがありません。", "There is nothing to compare.")
