package spend_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"pilveturg/models/spend"
)

func gzipped(t *testing.T, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t *testing.T, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write([]byte(openInvoice))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A file that gzip packed is read as it would be unpacked, whatever is in it.
func TestPackedFilesAreReadAsIfTheyWereNot(t *testing.T) {
	o := newOffice(t)
	table := "Supplier,Date,Amount EUR\n" + strings.Repeat("A,2026-03-14,1.50\n", 9000)
	for name, c := range map[string]struct {
		content string
		format  spend.Format
		billed  string
	}{
		"table.csv.gz":   {table, spend.Charges, "13500"},
		"invoice.xml.gz": {openInvoice, spend.UBL, "73.16"},
		"list.json.gz":   {`[{"supplier":"A","amount_eur":2.5,"date":"2026-03-14"},{"supplier":"A","amount_eur":0.5,"date":"2026-03-14"}]`, spend.Charges, "3"},
	} {
		b := o.staged(name, gzipped(t, c.content))
		if b.Format != c.format || b.Totals()[0].Billed.String() != c.billed {
			t.Errorf("%s: %+v", name, b)
		}
	}
	for _, name := range sharedFiles(t, "focus/focus_sample_1.0.csv") {
		if b := o.staged(name, gzipped(t, string(shared(t, name)))); b.Format != spend.FOCUS || b.Taken != 1000 || b.Totals()[0].Billed.String() != "20.52022672899" {
			t.Errorf("%s: %+v", name, b)
		}
	}
}

// A workbook from before 2007 is a table like any other.
func TestAnOldWorkbookIsBooked(t *testing.T) {
	o := newOffice(t)
	b, err := o.bring(o.finance, "return.xls", shared(t, "ccs/rm1557-10-return.xls"))
	if err != nil {
		t.Fatal(err)
	}
	o.work()
	b = o.batch(b.ID)
	if n := len(b.Found().Columns); b.State != spend.WasFound || n != 9 {
		t.Fatalf("%+v with %d columns", b, n)
	}
	o.read(b, b.Format, &spend.Mapping{Columns: map[spend.Role]int{spend.RoleAmount: 8, spend.RoleDate: 3, spend.RoleBuyer: 2}, Currency: "GBP"})
	if b = o.batch(b.ID); b.Taken != 2 || b.Undated != 0 || b.Totals()[0].Billed.String() != "840000" {
		t.Errorf("%+v", b)
	}
}

// What is not read says why, and what to do instead.
func TestFilesThatAreNotReadSayWhy(t *testing.T) {
	o := newOffice(t)
	cut := gzipped(t, strings.Repeat(openInvoice, 3))
	for name, c := range map[string]struct {
		content []byte
		why     string
	}{
		"cut.csv.gz":   {cut[:len(cut)/2], spend.WhyBroken},
		"wrong.csv.gz": {append([]byte("\x1f\x8b"), "nothing"...), spend.WhyBroken},
		"twice.csv.gz": {gzipped(t, string(gzipped(t, openInvoice))), spend.WhyArchive},
		"bill.parquet": {[]byte("PAR1\x15\x04\x15\x10"), spend.WhyParquet},
		"invoices.zip": {zipped(t, "1.xml", "2.xml"), spend.WhyArchive},
		"one.zip":      {zipped(t, "1.xml"), spend.WhyArchive},
		"table.ods":    {zipped(t, "mimetype", "content.xml"), spend.WhyUnknown},
		"files.tar":    {append(append(make([]byte, 257), "ustar"...), make([]byte, 300)...), spend.WhyArchive},
		"files.7z":     {[]byte("7z\xbc\xaf\x27\x1c and more"), spend.WhyArchive},
		"invoice.pdf":  {[]byte("%PDF-1.7\n1,2\n3,4\n"), spend.WhyUnknown},
		"old.xls":      {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...), spend.WhyBroken},
	} {
		if name == "files.tar" {
			copy(c.content, "1.xml")
		}
		b, err := o.bring(o.finance, name, c.content)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		o.work()
		if b = o.batch(b.ID); b.State != spend.Failed || b.Why != c.why {
			t.Errorf("%s: %s, %q; want %q", name, b.State, b.Why, c.why)
		}
	}
}

// Nothing that unpacks to a hundred times the memory is unpacked to its end.
func TestWhatUnpacksWithoutEndIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("it unpacks 256 MB")
	}
	member := gzipped(t, strings.Repeat("A,2026-03-14,1.50\n", 500_000))
	content := bytes.Repeat(member, 40)
	o := newOffice(t)
	batch, err := o.bring(o.finance, "bomb.csv.gz", content)
	if err != nil {
		t.Fatal(err)
	}
	o.work()
	if batch = o.batch(batch.ID); batch.Why != spend.WhyHostile {
		t.Errorf("%d bytes are %s, %q", len(content), batch.State, batch.Why)
	}
}
