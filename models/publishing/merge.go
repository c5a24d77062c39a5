package publishing

import (
	"reflect"
	"slices"

	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
)

// Merge makes one content of two that both began from base: what only one of them
// changed is as that one has it, and what both changed as mine has it. Texts are taken
// language by language, answers question by question, plans and documents one by one.
func Merge(base, mine, other catalogue.Content) catalogue.Content {
	c := mine
	c.Language = pick(base.Language, mine.Language, other.Language)
	c.Words = mergeWords(base.Words, mine.Words, other.Words)
	c.Categories = pick(base.Categories, mine.Categories, other.Categories)
	c.CPV = pick(base.CPV, mine.CPV, other.CPV)
	c.Website = pick(base.Website, mine.Website, other.Website)
	c.Contact = pick(base.Contact, mine.Contact, other.Contact)
	c.Sources = pick(base.Sources, mine.Sources, other.Sources)
	c.Answers = mergeList(base.Answers, mine.Answers, other.Answers, func(a catalogue.Answer) string { return a.Question })
	c.Documents = mergeList(base.Documents, mine.Documents, other.Documents, func(p catalogue.Paper) string { return p.Code })
	c.Plans = mergeList(base.Plans, mine.Plans, other.Plans, func(p pricing.Plan) string { return p.Code })
	c.DemoPrice = pick(base.DemoPrice, mine.DemoPrice, other.DemoPrice)
	c.Extra = pick(base.Extra, mine.Extra, other.Extra)
	return c
}

// pick takes mine unless only the other one changed.
func pick[T any](base, mine, other T) T {
	if reflect.DeepEqual(base, mine) {
		return other
	}
	return mine
}

func mergeWords(base, mine, other map[string]catalogue.Words) map[string]catalogue.Words {
	merged := map[string]catalogue.Words{}
	for _, from := range []map[string]catalogue.Words{mine, other} {
		for lang := range from {
			b, m, o := base[lang], mine[lang], other[lang]
			w := catalogue.Words{Name: pick(b.Name, m.Name, o.Name), Summary: pick(b.Summary, m.Summary, o.Summary),
				Description: pick(b.Description, m.Description, o.Description)}
			if w != (catalogue.Words{}) {
				merged[lang] = w
			}
		}
	}
	return merged
}

// mergeList merges lists whose elements have keys, in the order of mine; what only the
// other one has stands at the end.
func mergeList[T any](base, mine, other []T, key func(T) string) []T {
	find := func(list []T, k string) *T {
		i := slices.IndexFunc(list, func(e T) bool { return key(e) == k })
		if i < 0 {
			return nil
		}
		return &list[i]
	}
	var merged []T
	for _, m := range mine {
		k := key(m)
		if e := pick(find(base, k), &m, find(other, k)); e != nil {
			merged = append(merged, *e)
		}
	}
	for _, o := range other {
		k := key(o)
		if find(mine, k) != nil {
			continue
		}
		if e := pick(find(base, k), nil, &o); e != nil {
			merged = append(merged, *e)
		}
	}
	return merged
}
