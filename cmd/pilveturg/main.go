package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// The exit codes.
const (
	exitDone  = 0
	exitWrong = 1 // it went wrong; the reason is on the standard error
	exitUsage = 2 // the command line is not understood
)

// env is what a command sees of the outside.
type env struct {
	in       io.Reader
	out, err io.Writer
	vars     []string // NAME=value
	terminal bool     // err is read by a person while it is written
}

// command is a row of the table of commands.
type command struct {
	name, usage, about string
	more               string   // for its help
	settings           []string // those that it takes as flags
	run                func(context.Context, *env, *line) error
}

const kindsUsage = "fedramp|listings|publiccode|cpv|systems|focus|ubl|gcloud|uk25k|charges|ocds|fx FILE…"

const auditUsage = "verify|export|forget"

const kindsHelp = `
The kinds of file:
  fedramp     the daily JSON file of the FedRAMP marketplace
  listings    our own JSON Lines or CSV, as export writes them
  publiccode  a publiccode.yml, or a folder with such files in it and below
  cpv         the codes of the Common Procurement Vocabulary in JSON; a second
              file may hold their Estonian names in YAML
  systems     a register of owned systems: Estonia's RIHA in JSON, business cases of the
              IT Dashboard in CSV, or our own table in CSV; undo systems NUMBER undoes it
and for the ledger:
  focus       bills in the FinOps Open Cost and Usage Specification, CSV or JSON Lines
  ubl         an invoice or credit note of EN 16931 or Peppol in UBL
  gcloud      the sales of the UK's G-Cloud; uk25k: payments of UK bodies
  charges     any table of charges with a heading
  ocds        releases or records of open contracting
  fx          reference rates of the European Central Bank: CSV, its ZIP, or XML
A file called - is the standard input. Of the catalogue's kinds each file is taken whole
or not at all: when something in it has to be put right, nothing is changed and the exit
code is 1. Files of the ledger are accepted as far as their rows can be read, rows that
cannot are counted, and -problems writes them to a file; the same file again adds nothing;
one whose reading was broken off is gone on with.
`

const exportUsage = "listings|charges|focus|ocds"

const exportHelp = `
What listings writes, import listings reads: nothing is lost on the way. Of the ledger:
  charges  all charges, with all that is known of them, as CSV, XLSX or JSON
  focus    the same as a bill in FOCUS 1.2; charges without a month, which FOCUS
           cannot say, are left out and counted
  ocds     projects, contracts and what was paid for them as releases of open
           contracting, or with -records as records
`

const undoHelp = `
Everything that the import brought or changed is put back as it was before, all of
it or, when something has been changed since, nothing. Of systems, what somebody has
changed since is left as it is, and counted.
`

const auditHelp = `
verify reads the whole log and tells what in it is not as it was written; then the
exit code is 1. Note down the hash that it prints, and give it to a later verify with
-expect: whoever holds the database could write the log anew, but not what you noted.
export writes it as JSON Lines, an event a line; days are days in UTC.
forget blanks the network addresses of events that are older than so many days. The
log stays intact, and records it.
`

func commands() []command {
	database := []string{"db"}
	fileSettings := []string{"db", "files", "files-key", "files-secret"}
	return []command{
		{"serve", "", "answer visitors until told to stop", "", settingNames(), serve},
		{"config", "", "print the settings in force and where each comes from", "", settingNames(), printConfig},
		{"import", kindsUsage, "read files into the catalogue", kindsHelp, database, importFiles},
		{"check", checkUsage, "say what an import would, without a database, or which files are amiss", checkHelp, fileSettings, checkFiles},
		{"imports", "", "list what was imported", "", database, listImports},
		{"undo", "[systems] NUMBER", "take an import back", undoHelp, database, undoImport},
		{"synonyms", synonymsUsage, "keep the words that the search takes for each other", synonymsHelp, database, synonyms},
		{"mail", mailUsage, "see to the letters that the portal sends", mailHelp, []string{"db", "origin", "mail-server", "mail-from", "mail-password"}, letters},
		{"export", exportUsage, "write organisations and listings, or the ledger, to a file", exportHelp, []string{"db", "origin", "ocid-prefix"}, exportListings},
		{"audit", auditUsage, "check or write out the record of who changed what", auditHelp, database, auditLog},
		{"user", userUsage, "keep the people who can sign in", userHelp, []string{"addr", "db", "origin"}, user},
		{"tidy", "", "forget what is kept no longer", tidyHelp, []string{"db", "files", "files-key", "files-secret", "keep-sessions", "keep-attempts", "keep-addresses"}, tidy},
		{"text", "[FILE]", "print the text of a document as the search reads it", textHelp, nil, printText},
		{"migrate", "", "bring the database up to this program", "", database, migrate},
		{"backup", "FILE", "copy the database while it is in use", "", database, backup},
		{"version", "", "print what this program was built from", "", nil, printVersion},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal then ends the program at once
	e := &env{os.Stdin, os.Stdout, os.Stderr, os.Environ(), isTerminal(os.Stderr)}
	os.Exit(run(ctx, e, os.Args[1:]))
}

// isTerminal is true for a terminal, and for /dev/null, which does not mind.
func isTerminal(f *os.File) bool {
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

// run runs the command that args name, and returns its exit code.
func run(ctx context.Context, e *env, args []string) int {
	name := "serve"
	switch {
	case len(args) == 1 && isHelp(args[0]):
		overview(e.out)
		return exitDone
	case len(args) > 1 && args[0] == "help":
		name, args = args[1], []string{"-h"}
	case len(args) > 0 && !strings.HasPrefix(args[0], "-"):
		name, args = args[0], args[1:]
	}
	for _, c := range commands() {
		if c.name == name {
			return exitCode(ctx, e, c, c.run(ctx, e, newLine(e, c, args)))
		}
	}
	fmt.Fprintf(e.err, "pilveturg: there is no command %q; pilveturg -h lists them\n", name)
	return exitUsage
}

func isHelp(word string) bool {
	return word == "help" || word == "-h" || word == "-help" || word == "--help"
}

func overview(w io.Writer) {
	fmt.Fprint(w, "pilveturg is a portal of cloud services for the public sector.\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-8s  %s\n", c.name, c.about)
	}
	fmt.Fprint(w, "\nWithout a command it serves. pilveturg COMMAND -h tells more about one.\n")
}

// exitCode tells a person how the command ended.
func exitCode(ctx context.Context, e *env, c command, err error) int {
	var wrong usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitDone
	case errors.As(err, &wrong):
		fmt.Fprintf(e.err, "pilveturg %s: %v; pilveturg %s -h tells more\n", c.name, err, c.name)
		return exitUsage
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintf(e.err, "pilveturg %s: stopped; nothing was changed\n", c.name)
		return exitWrong
	default:
		fmt.Fprintf(e.err, "pilveturg %s: %v\n", c.name, err)
		return exitWrong
	}
}

// usageError says what is not understood in a command line or a setting.
type usageError struct{ error }

func wrongUsage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }
