"""
Draws (ガチャ・抽選) that anybody can check afterwards.

What is drawn is a pure function of a secret seed and of the draw's number (`wheel`). The seed's hash is
published with the rules before the first draw, and the seed itself after the last; everything in between
is a chain of the core (`tokui.store.chains`), so nothing can be changed, left out or tried again.
"""
