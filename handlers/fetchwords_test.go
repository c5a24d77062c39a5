package handlers

import (
	"testing"

	"pilveturg/handlers/fetch"
	"pilveturg/views/locale"
)

func TestWhateverGoesWrongInFetchingHasWords(t *testing.T) {
	for _, tag := range locale.Tags() {
		words, err := locale.Load(tag)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range fetch.Kinds() {
			if !words.Has(kind.Key()) {
				t.Errorf("%s has no words for %s", tag, kind.Key())
			}
		}
	}
}
