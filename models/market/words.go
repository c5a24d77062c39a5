package market

import (
	"encoding/json"
	"errors"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// draftNames are the names that the content of a draft gives.
func draftNames(content string) models.Text {
	var c struct {
		Words map[string]catalogue.Words `json:"words"`
	}
	_ = json.Unmarshal([]byte(content), &c) // without content it has no name
	names := models.Text{}
	for lang, w := range c.Words {
		names.Set(lang, w.Name)
	}
	return names
}

func isNotFound(err error) bool { return errors.Is(err, models.ErrNotFound) }
