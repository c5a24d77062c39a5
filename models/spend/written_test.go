package spend_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	enc "golang.org/x/text/encoding/unicode"
)

func encoded(t *testing.T, e encoding.Encoding, text string) string {
	t.Helper()
	out, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// of is a table of amounts: one row for each.
func of(heading string, amounts ...string) string {
	var b strings.Builder
	b.WriteString("Supplier;Invoice date;" + heading + "\n")
	for i, a := range amounts {
		fmt.Fprintf(&b, "Vendor %c;%d.03.2026;%s\n", 'A'+i, 14+i, a)
	}
	return b.String()
}

func TestFilesInEveryEncodingComeToTheSame(t *testing.T) {
	const text = "Tarnija;Kuupäev;Summa EUR\nÕpilaste Näidis OÜ;14.03.2026;1 234,50\nÄri Näidis OÜ;15.03.2026;99,90\nVendor C;16.03.2026;-0,40\n"
	const english = "Body;Supplier;Day;Amount EUR\nOffice – North;Café’s Ltd;2012-04-01;1,212.50\nOffice – South;Naïve Ltd;2012-05-01;€121.50\n"
	cases := map[string]tableCase{
		"UTF-16LE with BOM":    {encoded(t, enc.UTF16(enc.LittleEndian, enc.UseBOM), text), "EUR 1334", 3, 0, 0},
		"UTF-16BE with BOM":    {encoded(t, enc.UTF16(enc.BigEndian, enc.UseBOM), text), "EUR 1334", 3, 0, 0},
		"UTF-16LE without BOM": {encoded(t, enc.UTF16(enc.LittleEndian, enc.IgnoreBOM), text), "EUR 1334", 3, 0, 0},
		"Windows":              {encoded(t, charmap.Windows1252, text), "EUR 1334", 3, 0, 0},
		"Windows, euro sign":   {encoded(t, charmap.Windows1252, english), "EUR 1334", 2, 0, 0},
		"old Apple":            {encoded(t, charmap.Macintosh, strings.ReplaceAll(strings.ReplaceAll(english, "€", ""), "\n", "\r")), "EUR 1334", 2, 0, 0},
		"UTF-8 with BOM":       {"\ufeff" + text, "EUR 1334", 3, 0, 0},
	}
	for name, change := range map[string]func(string) string{
		"CR":   func(s string) string { return strings.ReplaceAll(s, "\n", "\r") },
		"CRLF": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"tab":  func(s string) string { return strings.ReplaceAll(s, ";", "\t") },
		"bar":  func(s string) string { return strings.ReplaceAll(s, ";", "|") },
	} {
		cases[name] = tableCase{change(text), "EUR 1334", 3, 0, 0}
	}
	tries(t, cases)
}

func TestNumbersInEveryWritingComeToTheSame(t *testing.T) {
	tries(t, map[string]tableCase{
		"decimal comma":         {of("Amount EUR", "1.234,56", "0,44", "12.345.678,00"), "EUR 12346913", 3, 0, 0},
		"NBSP":                  {of("Amount EUR", "1\u00a0234,56", "0,44", "12\u00a0345\u00a0678,00"), "EUR 12346913", 3, 0, 0},
		"narrow NBSP":           {of("Amount EUR", "1\u202f234,56", "0,44", "12\u202f345\u202f678,00"), "EUR 12346913", 3, 0, 0},
		"Swiss":                 {of("Amount EUR", "1'234.56", "0.44", "12’345’678.00"), "EUR 12346913", 3, 0, 0},
		"Indian":                {of("Amount EUR", "1,23,456.00", "0.50", "1,00,00,000.50"), "EUR 10123457", 3, 0, 0},
		"minus of all kinds":    {of("Amount EUR", "(123.45)", "123.45-", "\u2212100.10", "-0.50", "- 1.50", "1,000.00"), "EUR 651", 6, 0, 0},
		"currency before":       {of("Amount", "€1,234.56", "€ 0.44", "EUR 5.00"), "EUR 1240", 3, 0, 0},
		"currency behind":       {of("Amount", "1.234,56 EUR", "0,44 €", "5,00EUR"), "EUR 1240", 3, 0, 0},
		"minus and currency":    {of("Amount", "-€1,234.56", "€-0.44", "(€5.00)", "€(10.00)", "5.00- €"), "EUR -1255", 5, 0, 0},
		"E-notation":            {of("Amount EUR", "1.5E+03", "5.64902E-05", "1e2", "0.25"), "EUR 1600.2500564902", 4, 0, 0},
		"many decimals":         {of("Amount EUR", "0.1", "0.2", "0.000000000000000000000000001"), "EUR 0.300000000000000000000000001", 3, 0, 0},
		"percent is no amount":  {of("Amount EUR", "24%", "100.00", "1.00"), "EUR 101", 2, 1, 0},
		"not a number":          {of("Amount EUR", "1O0.00", "N/A", "", "100.00", "xxx", "twelve", "1.00", "2.00", "3.00", "4.00", "5.00", "6.00"), "EUR 121", 7, 5, 0},
		"mixed currencies":      {of("Amount", "€100.00", "£50.25", "SEK 20.00", "30.00 USD"), "EUR 100, GBP 50.25, SEK 20, USD 30", 4, 0, 0},
		"dollars among euros":   {of("Amount EUR", "100.00", "$50.25", "US$ 7.00"), "EUR 100, USD 7", 2, 1, 0},
		"another than it says":  {"Supplier;Date;Amount;Currency\nA;2026-03-14;€100.00;EUR\nB;2026-03-15;£50.25;EUR\nC;2026-03-15;7;USD\n", "EUR 100, USD 7", 2, 1, 0},
		"thousand or one":       {of("Amount EUR", "1.234", "5.678"), "?", 0, 0, 0},
		"both marks":            {of("Amount EUR", "1,50", "1.50"), "?", 0, 0, 0},
		"signs of currencies":   {"Supplier;Date;Amount;Currency\nA;2026-03-14;100.00;€\nB;2026-03-15;50.25;£\nC;2026-03-15;7;eur\nD;2026-03-15;1.00;Euro\n", "EUR 108, GBP 50.25", 4, 0, 0},
		"no such currency":      {"Supplier;Date;Amount;Currency\nA;2026-03-14;100.00;ABC\nB;2026-03-15;50.25;EUR\n", "EUR 50.25", 1, 1, 0},
		"thousands in heading":  {of("Amount (EUR '000)", "1.5", "2.25"), "EUR 3750", 2, 0, 0},
		"percent beside VAT":    {"Supplier;Date;Amount EUR;VAT %\nA;2026-03-14;100.00;24\nB;2026-03-15;50.25;22\n", "EUR 150.25", 2, 0, 0},
		"net, VAT and gross":    {"Supplier;Date;Net amount EUR;VAT EUR;Gross amount EUR\nA;2026-03-14;100.00;24.00;124.00\nB;2026-03-15;50.00;12.00;62.00\n", "EUR 186", 2, 0, 0},
		"with and without VAT":  {"Tarnija;Kuupäev;Summa km-ga;Summa km-ta;Valuuta\nA;14.03.2026;124,00;100,00;EUR\nB;15.03.2026;62,00;50,00;EUR\n", "EUR 186", 2, 0, 0},
		"debit and credit":      {"Date;Description;Debit;Credit;Currency\n14.03.2026;A;100,00;;EUR\n15.03.2026;B;;25,50;EUR\n16.03.2026;C;10,00;3,00;EUR\n17.03.2026;D;;;EUR\n", "EUR 81.5", 3, 1, 0},
		"two amounts alike":     {"Supplier;Date;Amount EUR;Amount EUR\nA;2026-03-14;100.00;7.00\nB;2026-03-15;50.25;8.00\n", "?", 0, 0, 0},
		"prices are no amounts": {"Supplier;Date;Quantity;Unit price;Amount EUR\nA;2026-03-14;2;50.00;100.00\nB;2026-03-15;3;1.00;3.00\n", "EUR 103", 2, 0, 0},
	})
}
