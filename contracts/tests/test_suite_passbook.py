from tokui_contracts import LedgerContract
from tokui_contracts.example import Branch, Passbook


class TestPassbook(LedgerContract):
    connector = Passbook
    sandbox = Branch
