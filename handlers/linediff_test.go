package handlers

import (
	"strings"
	"testing"
)

func TestLineDiffMarksTheLinesThatChanged(t *testing.T) {
	for _, tt := range []struct{ name, before, after, want string }{
		{"the same text has no marks", "a\nb", "a\nb", " a  b"},
		{"nothing and nothing", "", "", ""},
		{"a new text is all put in", "", "a\nb", "+a +b"},
		{"a text taken away is all taken out", "a\nb", "", "-a -b"},
		{"a line is put in between", "a\nc", "a\nb\nc", " a +b  c"},
		{"a line is taken out", "a\nb\nc", "a\nc", " a -b  c"},
		{"a line is written anew", "a\nb\nc", "a\nx\nc", " a -b +x  c"},
		{"lines that stay between changes are found", "x\nk\ny\nl\nz", "k\np\nl\nq", "-x  k -y +p  l -z +q"},
		{"line ends of other systems are no change", "a\r\nb\r\n", "a\nb", " a  b"},
		{"a repeated line is taken out once", "a\na", "a", " a -a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, l := range lineDiff(tt.before, tt.after) {
				mark := " "
				if l.In {
					mark = "+"
				}
				if l.Out {
					mark = "-"
				}
				got = append(got, mark+l.Text)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %q; want %q", s, tt.want)
			}
		})
	}
}

func TestLineDiffOfHugeTextsIsBounded(t *testing.T) {
	before, after := strings.Repeat("a\n", 3000), strings.Repeat("b\n", 3000)
	if got := len(lineDiff("x\n"+before+"y", "x\n"+after+"y")); got != 6002 {
		t.Errorf("got %d lines; want 6002", got)
	}
}

// Whatever the texts are, the lines that were not put in are the one, and those
// that were not taken out the other.
func FuzzLineDiffHoldsBothTexts(f *testing.F) {
	f.Add("a\nb\nc", "a\nx\nc")
	f.Add("", "\n\n")
	f.Add("a\r\nb", "b\na\nb")
	f.Fuzz(func(t *testing.T, before, after string) {
		var a, b []string
		for _, l := range lineDiff(before, after) {
			if l.In && l.Out {
				t.Fatalf("%q is put in and taken out", l.Text)
			}
			if !l.In {
				a = append(a, l.Text)
			}
			if !l.Out {
				b = append(b, l.Text)
			}
		}
		if got, want := strings.Join(a, "\n"), strings.Join(lines(before), "\n"); got != want {
			t.Errorf("before = %q; want %q", got, want)
		}
		if got, want := strings.Join(b, "\n"), strings.Join(lines(after), "\n"); got != want {
			t.Errorf("after = %q; want %q", got, want)
		}
	})
}
