package registers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"pilveturg/models/systems"
)

// object is an element of a register, whatever it has.
type object map[string]any

// at finds something below names.
func (o object) at(names ...string) any {
	var v any = map[string]any(o)
	for _, name := range names {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

// text is a text, or a number as one; "" of anything else.
func (o object) text(names ...string) string {
	switch v := o.at(names...).(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	}
	return ""
}

func (o object) is(names ...string) bool {
	switch v := o.at(names...).(type) {
	case bool:
		return v
	case string:
		return strings.EqualFold(v, "true")
	}
	return false
}

// readRIHA reads elements of the register: in an envelope with "content", in a list, or
// one after the other.
func readRIHA(content []byte) (*File, error) {
	f := &File{Kind: RIHA}
	d := json.NewDecoder(bytes.NewReader(content))
	d.UseNumber()
	for {
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnknown, err)
		}
		if err := f.elements(v); err != nil {
			return nil, err
		}
	}
	for i := range f.Entries {
		if f.Entries[i].Problem == "" {
			return f, nil
		}
	}
	if len(f.Entries) > 0 {
		return nil, ErrUnknown // nothing of it is a system
	}
	return f, nil
}

// elements adds what a value holds.
func (f *File) elements(v any) error {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			if err := f.elements(one); err != nil {
				return err
			}
		}
		return nil
	case map[string]any:
		if list, ok := v["content"].([]any); ok {
			return f.elements(list)
		}
		if len(f.Entries) >= mostEntries {
			return ErrLarge
		}
		f.Entries = append(f.Entries, system(object(v), len(f.Entries)+1))
		return nil
	}
	if len(f.Entries) >= mostEntries {
		return ErrLarge
	}
	e := Entry{Line: len(f.Entries) + 1}
	e.refuse(NoName, fmt.Sprint(v))
	f.Entries = append(f.Entries, e)
	return nil
}

// system reads an element in whichever shape it is.
func system(o object, line int) Entry {
	e := Entry{Line: line}
	e.System.Source = string(RIHA)
	if details, ok := o.at("details").(map[string]any); ok {
		o = object(details)
	}
	switch {
	case o.at("owner_code") != nil || o.at("status_code") != nil:
		structured(o, &e)
	case o.at("shortname") != nil || o.at("status", "staatus") != nil || o.at("meta", "URI") != nil:
		short(o, &e)
	default:
		detailed(o, &e)
	}
	s := &e.System
	if s.ShortName == "" {
		e.flag(FlagShortName)
	}
	if s.State == systems.NoState || s.State == "" {
		s.State = systems.NoState
		e.flag(FlagState)
	}
	if e.OwnerName == "" {
		e.flag(FlagOwner)
	}
	return e
}

// detailed reads what the register's API tells of a system.
func detailed(o object, e *Entry) {
	s := &e.System
	s.Name, s.ShortName, s.External = o.text("name"), o.text("short_name"), o.text("uuid")
	e.OwnerCode, e.OwnerName = o.text("owner", "code"), o.text("owner", "name")
	s.Homepage = o.text("homepage")
	s.State = map[string]systems.State{"IN_USE": systems.InUse, "ESTABLISHING": systems.Establishing, "FINISHED": systems.Closed}[o.text("meta", "system_status", "status")]
	stamp := o.text("meta", "system_status", "timestamp")
	switch s.State {
	case systems.InUse:
		s.InUseSince = e.day(stamp)
	case systems.Closed:
		s.ClosedOn = e.day(stamp)
	}
	if s.Purpose = o.text("purpose"); strings.Trim(s.Purpose, "-–. ") == "" {
		s.Purpose = ""
		e.flag(FlagPurpose)
	}
	s.SecurityStandard, s.SecurityClass = o.text("security", "standard"), o.text("security", "class")
	s.SecurityLevel = levels[o.text("security", "level")]
	if s.SecurityLevel == "" && s.SecurityStandard == "ISKE" {
		s.SecurityLevel = levelOf(s.SecurityClass)
	}
	e.IsProduct = o.is("standard_system")
	if code, name, ok := strings.Cut(s.ShortName, "-"); ok && code == e.OwnerCode && o.text("meta", "x_road_status", "status") == "JOINED" {
		s.Subsystems = subsystem(code, name)
	}
}

// subsystem is what a body answers with on X-Road, where its class can be told from its
// registry code: those of the state and of municipalities begin with 7, those of companies
// with 1.
func subsystem(code, name string) []string {
	class := map[byte]string{'7': "GOV", '1': "COM"}[(code + " ")[0]]
	if class == "" || name == "" || strings.ContainsAny(name, " /") {
		return nil
	}
	return []string{"EE/" + class + "/" + code + "/" + name}
}

// levels are how much protection is needed, as the register writes it.
var levels = map[string]string{"H": "high", "M": "medium", "L": "low", "TURBEASTE_KORGE": "high", "TURBEASTE_KESKMINE": "medium", "TURBEASTE_MADAL": "low"}

// levelOf is the level of a class of ISKE, "K2T2S1": the highest of its numbers.
func levelOf(class string) string {
	level := ""
	for _, one := range []struct{ digits, level string }{{"01", "low"}, {"2", "medium"}, {"3", "high"}} {
		if strings.ContainsAny(class, one.digits) {
			level = one.level
		}
	}
	return level
}

// structured reads a row of the register's database as it was in 2016.
func structured(o object, e *Entry) {
	s := &e.System
	s.Name, s.NameEn, s.ShortName, s.External = o.text("name"), o.text("name_en"), o.text("short_name"), o.text("id")
	e.OwnerCode, e.OwnerName = o.text("owner_code"), o.text("owner_name")
	status := o.text("status_code")
	switch {
	case strings.HasSuffix(status, "_KASUTUSEL"):
		s.State = systems.InUse
	case strings.Contains(status, "LOPETATUD"):
		s.State = systems.Closed
	case strings.Contains(status, "LOPETAMISE"):
		s.State = systems.InUse // until its end is agreed on
	case strings.Contains(status, "EI_ASUTATA"):
		s.State = systems.Closed
	case strings.Contains(status, "ASUTAMINE"), strings.Contains(status, "KASUTUSELE_VOTMISE"):
		s.State = systems.Establishing
	}
	s.InUseSince = e.day(o.text("in_use_since"))
	class := func(name string) string {
		text := o.text(name)
		return text[strings.LastIndexByte(text, '_')+1:]
	}
	if s.SecurityClass = class("availability_class") + class("integrity_class") + class("confidentiality_class"); s.SecurityClass != "" {
		s.SecurityStandard = "ISKE"
	}
	s.SecurityLevel = levels[o.text("security_level")]
	e.Product, e.IsProduct = o.text("standard_solution_id"), o.is("is_standard_solution")
	e.flag(FlagPurpose)
}

// states are the Estonian words of the register's short form.
var states = map[string]systems.State{
	"kasutusel": systems.InUse, "lõpetatud": systems.Closed, "lõpetamise kooskõlastamisel": systems.InUse, "lõpetamise registreerimisel": systems.InUse, "ei asutata": systems.Closed,
	"asutamine sisestamisel": systems.Establishing, "asutamine kooskõlastamisel": systems.Establishing, "asutamine kooskõlastatud": systems.Establishing, "asutatud": systems.Establishing,
	"kasutusele võtmise registreerimisel": systems.Establishing, "kasutusele võtmise kooskõlastamisel": systems.Establishing,
}

// short reads an element of the register's short form.
func short(o object, e *Entry) {
	s := &e.System
	s.Name, s.ShortName, s.External = o.text("name"), o.text("shortname"), strings.TrimPrefix(o.text("meta", "URI"), "/")
	e.OwnerCode, s.Homepage = o.text("owner"), o.text("documentation")
	s.State = states[strings.ToLower(o.text("status", "staatus"))]
	stamp := o.text("status", "timestamp")
	switch s.State {
	case systems.InUse:
		s.InUseSince = e.day(stamp)
	case systems.Closed:
		s.ClosedOn = e.day(stamp)
	}
	e.flag(FlagPurpose)
}
