"""The manifest of a print run: the JSON that the command line promises, in step with the PDF."""

from __future__ import annotations

import io

import msgspec
import pypdfium2 as pdfium

from consentdesk.model.form import Variant
from consentdesk.printing.compose import compose
from consentdesk.printing.manifest import PrintedSlip, manifest
from consentdesk.printing.pdf import write_forms


def test_the_manifest_has_the_promised_keys_in_the_order_of_the_pages(forms, fill) -> None:
    plain = compose(forms["image-use"], Variant(), "Hawthorn Primary School", "K7M2")
    large = compose(
        forms["internet-access"], Variant(large=True, pupil_part=True), "Hawthorn Primary School", "K7M3"
    )
    sheets = [*fill(plain, ["Amelia Carter"]), *fill(large, ["Zoë Khan"])]
    file = io.BytesIO()
    count = write_forms(file, sheets)
    tags = {id(plain): ("image-use", "K7M2"), id(large): ("internet-access", "K7M3")}
    made = manifest(
        PrintedSlip(
            sheet.layout, sheet.fill.typed_code, f"id{at}", sheet.fill.child, "4B", *tags[id(sheet.layout)]
        )
        for at, sheet in enumerate(sheets)
    )
    pages = msgspec.json.decode(msgspec.json.encode(made))["pages"]
    assert [page["page"] for page in pages] == list(range(1, count + 1))
    assert len(pdfium.PdfDocument(file.getvalue())) == count == 6
    assert [len(page["slips"]) for page in pages] == [1, 0, 0, 0, 1, 0]

    first, second = pages[0]["slips"][0], pages[4]["slips"][0]
    assert first["code"] == sheets[0].fill.typed_code
    assert (first["pupil"], first["name"], first["class"]) == ("id0", "Amelia Carter", "4B")
    assert (first["form"], first["version"]) == ("image-use", "K7M2")
    for field in ("signature", "date", "printed_name", "comment", "relationship", "child", "outline"):
        assert first[field] == list(msgspec.structs.astuple(getattr(plain.slip, field)))
    assert first["questions"][2] == {
        "purpose": "image.website",
        "yes": list(msgspec.structs.astuple(plain.slip.questions[2].yes)),
        "no": list(msgspec.structs.astuple(plain.slip.questions[2].no)),
    }
    assert [len(code) for code in first["codes"]] == [4, 4]
    assert "pupil_questions" not in first
    assert "pupil_signature" not in first
    assert [pair["purpose"] for pair in second["pupil_questions"]] == ["internet.rules"]
    assert len(second["pupil_signature"]) == 4
