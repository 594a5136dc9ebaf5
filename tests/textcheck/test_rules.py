"""What is found, what is left alone, and how disguises are undone."""

import pytest

from allies.textcheck import ADVICE, LABEL, Kind, check


def kinds(text):
    return {finding.kind for finding in check(text)}


def found_words(text):
    return [finding.word for finding in check(text)]


@pytest.mark.parametrize(
    "number",
    [
        "06-12345678", "06 1234 5678", "06.12.34.56.78", "06/12345678", "0612345678",
        "+31 6 12345678", "+31612345678", "+31(0)6-12345678", "0031 6 12345678", "(06) 12345678",
        "0118-123456", "(0118) 12 34 56", "0118 12 34 56", "+32 475 12 34 56", "+49 171 2345678",
        "nul zes twaalf vierendertig zesenvijftig achtenzeventig",
    ],
)  # fmt: skip
def test_phone_numbers_are_found_in_every_usual_writing(number):
    assert found_words(f"Bel gerust naar {number}, ook laat.") == [number]
    assert kinds(f"Bel gerust naar {number}, ook laat.") == {Kind.PHONE}


@pytest.mark.parametrize("line", ["112", "0900-8844", "0800-7000", "0800 7000", "14 0118", "113"])
def test_official_lines_may_stay(line):
    assert check(f"Bel {line} en anders de huisarts.") == []


@pytest.mark.parametrize(
    "plate",
    [
        "GX-12-34", "12-34-GX", "12-GX-34", "GX-12-KP", "GX-KP-12", "12-GX-KP", "12-GXK-3",
        "1-GXK-23", "GX-123-G", "D-123-KP", "GXK-12-H", "D-12-BKP", "1-GX-234", "123-GX-4",
    ],
)  # fmt: skip
def test_every_side_code_is_found_with_hyphens_spaces_or_neither(plate):
    for written in (plate, plate.lower(), plate.replace("-", " ")):
        assert kinds(f"De auto {written} staat hier.") == {Kind.PLATE}, written
    if plate != "12-34-GX":
        assert kinds(f"De auto {plate.replace('-', '')} staat hier.") == {Kind.PLATE}


@pytest.mark.parametrize("plate", ["12-DB-34", "DE-34-56", "TV-12-XK", "1-ABC-234"])
def test_letters_that_are_also_a_word_are_a_plate_when_written_like_one(plate):
    assert kinds(f"De auto {plate} staat hier.") == {Kind.PLATE}


@pytest.mark.parametrize(
    "plate",
    [
        "AB-123-C",
        "AB-12-CD",
        "12-ABC-3",
        "A-123-EI",
        "QO-12-34",
        "12-34-OC",
        "1-AUI-23",
        "OEC-12-A",
    ],
)
def test_a_plate_with_letters_that_are_never_issued_is_found_when_written_like_one(plate):
    assert found_words(f"De auto {plate} staat hier.") == [plate]
    assert found_words(f"Het kenteken is {plate.lower()}, van die auto.") == [plate.lower()]
    assert found_words(f"Die auto, {plate.lower()} is de nummerplaat.") == [plate.lower()]


@pytest.mark.parametrize(
    "text",
    ["besluit AB-123-C", "zaaknummer AB-12-CD", "dossier: 12-ABC-3", "vergunning nr. A-123-EI",
     "bestemmingsplan AB-12-CD", "zaal C-100-AB",
     "op 1-MEI-24", "van 7-UUR-10", "de N-57-WEG", "op 12-EN-13", "ab-12-cd", "de A-58", "B-12",
     "RAAB-123-C", "AB-123-CD", "AB-123-C-4"],
)  # fmt: skip
def test_documents_dates_and_roads_are_no_plates_of_such_letters(text):
    assert check(f"Het gaat om {text} en meer niet.") == []


@pytest.mark.parametrize("plate", ["B-AB 1234", "AB 123 CD"])
def test_a_foreign_plate_is_found_after_the_word(plate):
    assert found_words(f"De auto met kenteken {plate} staat hier.") == [plate]


@pytest.mark.parametrize(
    "token",
    ["2024-AB-1", "14-11-2024", "1-mrt-24", "12 en 14", "WK2026", "20 km 30", "A58-N57", "12-18"],
)
def test_dates_roads_and_units_are_no_plates(token):
    assert check(f"Het gaat om {token} en meer niet.") == []


def test_a_citizen_number_must_pass_the_eleven_test():
    assert kinds("nummer 111222333") == {Kind.BSN}
    assert check("nummer 111222334") == []


def test_eight_digits_are_a_citizen_number_only_after_the_word():
    assert kinds("bsn 12345678") == {Kind.BSN}
    assert check("zaak 12345678") == []


def test_amounts_are_no_citizen_numbers():
    assert check("Het kost 111.222.333 euro of € 111.222.333 in totaal.") == []


def test_an_account_number_must_have_the_right_check_digits():
    assert kinds("NL91ABNA0417164300") == {Kind.IBAN}
    assert kinds("NL91 ABNA 0417 1643 00 op naam van de club") == {Kind.IBAN}
    assert Kind.IBAN not in kinds("NL92ABNA0417164300")


@pytest.mark.parametrize(
    "address",
    ["Kerkstraat 12", "Nieuwe Burg 14a", "Langevielesingel 3", "4381 AB 12", "Markt 65",
     "Prins Hendrikweg 8, 4382 NS", "Boulevard Bankert 100", "Kerkstraat nr. 7"],
)  # fmt: skip
def test_a_street_or_postcode_with_a_number_is_an_address(address):
    found = check(f"Daar bij {address} gaat het mis.")
    assert [(finding.kind, finding.word) for finding in found] == [(Kind.ADDRESS, address)]


@pytest.mark.parametrize(
    "text",
    ["op de N57 en de A58", "de weg 2 jaar dicht", "in de straat 3 huizen verkocht",
     "in de Kerkstraat 3 huizen verkocht", "op het Damplein 40 nieuwe bomen", "de Kerkstraat 2024",
     "in Domburg 4 zomers", "op de woningmarkt 2 jaar wachten", "1500 MW", "Boulevard 2030"],
)  # fmt: skip
def test_roads_counts_and_years_are_no_address(text):
    assert check(text) == []


@pytest.mark.parametrize(
    "name",
    ["dhr. De Witt", "mevrouw Jansen", "meneer Pieterse", "mw. Van der Velde", "wijkagent Kees",
     "familie Koster", "Sjaak de Vries", "juf Marleen", "J.P. van den Broek", "Fatima El Amrani",
     "Mohammed B", "Oksana Shevchenko", "jan de vries", "buurman Ali", "Mevrouw Jansen-de Boer",
     "Ayşe Yıldız", "Kees de V"],
)  # fmt: skip
def test_names_of_persons_are_found(name):
    found = check(f"Dat zegt {name}. Meer niet.")
    assert [(finding.kind, finding.word) for finding in found] == [(Kind.NAME, name)]


@pytest.mark.parametrize(
    "text",
    ["de Jan de Wittstraat", "de Jan de Witt straat", "Prins Willem-Alexander", "Koningsdag",
     "het beeld van Michiel de Ruyter", "de Michiel de Ruyterschool", "Sint Laurens",
     "Nieuw- en Sint Joosland", "de Albert Heijn", "de Johan Cruijff Arena", "Jan Modaal",
     "Joost mag het weten", "Roos bloeit", "de burgemeester van Veere", "de wethouder Wonen",
     "DE BURGEMEESTER LUISTERT NIET NAAR DE DORPEN", "Oost-Souburg, Domburg en Zoutelande",
     "de Burgemeester van Woelderenlaan", "Mr. Jan Louwersstraat", "mevrouw van de bakker"],
)  # fmt: skip
def test_streets_schools_shops_history_and_villages_are_no_persons(text):
    assert check(text) == []


@pytest.mark.parametrize(
    "moment",
    ["op 14 november om 23.15 uur", "gisteravond om kwart over elf", "vannacht om half vier",
     "op 31-12-2024 om 23:50", "zaterdagnacht om 3 uur", "vorige week dinsdag rond 21:00 uur"],
)  # fmt: skip
def test_a_day_with_a_clock_time_is_an_exact_moment(moment):
    assert kinds(f"Het gebeurde {moment} bij de brug.") == {Kind.DATETIME}


@pytest.mark.parametrize(
    "text",
    ["om de vijf jaar", "om 19.30 uur in het dorpshuis", "rond oud en nieuw", "sinds 2019",
     "twee dagen", "op 4 mei", "elke zaterdag om 10.00 uur", "zaterdags om 10.00 uur",
     "maandag t/m vrijdag van 9.00 tot 17.00 uur", "vanaf 1 mei rijdt de bus om 18.15 uur"],
)  # fmt: skip
def test_habits_years_and_loose_times_are_no_exact_moment(text):
    assert check(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("volg @walcheren_boys", Kind.HANDLE),
        ("insta: keesie", Kind.HANDLE),
        ("snapchat naam sjaakie", Kind.HANDLE),
        ("www.voorbeeld.nl/lijst", Kind.URL),
        ("zeehuisje.com", Kind.URL),
        ("naam@domein.nl", Kind.EMAIL),
        ("naam at domein punt nl", Kind.EMAIL),
        ("naam (at) domein.nl", Kind.EMAIL),
        ("wij wonen in 4381 AB", Kind.POSTCODE),
    ],
)
def test_accounts_and_web_addresses_are_found(text, kind):
    assert kinds(text) == {kind}


def test_the_front_page_of_the_police_may_stay_but_not_a_page_about_somebody():
    assert check("Kijk op politie.nl of www.meldmisdaadanoniem.nl.") == []
    assert kinds("Kijk op politie.nl/gezocht/dossier") == {Kind.URL}


@pytest.mark.parametrize(
    "text",
    [
        "\uff10\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        "06\u200b1234\u200d5678",
        "06\u00a01234\u00a05678",
        "06\u201112345678",
        "0\ufe0f\u20e36\ufe0f\u20e312345678",
        "\u0660\u0666\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
    ],
)
def test_disguised_digits_are_found_where_they_stand_in_the_original(text):
    found = check(f"Bel mij: {text}!")
    assert [finding.kind for finding in found] == [Kind.PHONE]
    assert found[0].start == len("Bel mij: ")
    assert text.startswith(found[0].word)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("06_12345678", Kind.PHONE),
        ("06_1234_5678", Kind.PHONE),
        ("4351AB12", Kind.ADDRESS),
        ("4351 ab12a", Kind.ADDRESS),
        ("schelpenhof 4", Kind.ADDRESS),
        ("J\u0430n de Vri\u0435s", Kind.NAME),
        ("Jan_de_Vries", Kind.NAME),
        ("JandeVries", Kind.NAME),
        ("Jan\u200dde\u200dVries", Kind.NAME),
        ("Vries, Jan de", Kind.NAME),
        ("Jansen, Piet", Kind.NAME),
    ],
)
def test_words_that_are_glued_mixed_or_turned_round_are_found(text, kind):
    assert [(f.kind, f.word) for f in check(f"Bij ons {text} is het mis.")] == [(kind, text)]


@pytest.mark.parametrize(
    "text",
    ["4350 km2 zee", "4380 cm3", "WijkTeam en BuurtApp", "DorpsHuis", "Het vries, jan en alleman",
     "Middelburg, Vlissingen en Veere", "\u041c\u043e\u0432\u0430",
     "op het kerkhof 3 graven"],
)  # fmt: skip
def test_measures_compounds_and_other_scripts_are_no_disguise(text):
    assert check(text) == []


def test_an_account_or_address_with_underscores_is_found_whole():
    assert kinds("mail jan_de_vries@voorbeeld.nl") == {Kind.EMAIL}
    assert kinds("volg @jan_de_vries") == {Kind.HANDLE}


def test_the_longest_finding_wins_where_two_overlap():
    assert [f.kind for f in check("naam@voorbeeld.nl")] == [Kind.EMAIL]
    assert [f.kind for f in check("Kerkstraat 12, 4381 AB")] == [Kind.ADDRESS]


def test_every_kind_has_a_label_and_an_advice():
    assert set(LABEL) == set(ADVICE) == set(Kind)
