package access_test

import (
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
)

func TestAPlaceIsNewOnce(t *testing.T) {
	h := newHouse(t)
	other := h.person("other@agency.example")
	for _, tt := range []struct {
		name        string
		account     int64
		from, agent string
		later       time.Duration
		want        bool
	}{
		{"the first of all", h.account, "192.0.2.7", "Firefox, Linux", 0, false},
		{"the same", h.account, "192.0.2.7", "Firefox, Linux", 0, false},
		{"another machine of the network", h.account, "192.0.2.250", "Firefox, Windows", 0, false},
		{"another browser", h.account, "192.0.2.7", "Chrome, Linux", 0, true},
		{"which is known then", h.account, "192.0.2.7", "Chrome, Linux", 0, false},
		{"another network", h.account, "198.51.100.7", "Firefox, Linux", 0, true},
		{"one of IPv6", h.account, "2001:db8:1:2::7", "Firefox, Linux", 0, true},
		{"the same, in another part of it", h.account, "2001:db8:1:ffff::1", "Firefox, Linux", 0, false},
		{"next to it", h.account, "2001:db8:2::1", "Firefox, Linux", 0, true},
		{"an address of IPv4 written as one of IPv6", h.account, "::ffff:192.0.2.9", "Firefox, Linux", 0, false},
		{"what is no address", h.account, "", "", 0, true},
		{"another person, for the first time", other, "203.0.113.1", "Safari, macOS", 0, false},
		{"after 90 days", h.account, "192.0.2.7", "Firefox, Linux", 90 * 24 * time.Hour, false},
		{"after 90 days without", h.account, "198.51.100.7", "Firefox, Linux", time.Second, true},
	} {
		h.later(tt.later)
		var got bool
		h.must(models.Actor{AccountID: tt.account}, func(tx *db.Tx) (err error) {
			got, err = access.IsNewPlace(t.Context(), tx, tt.account, access.Device{From: tt.from, Agent: tt.agent})
			return err
		})
		if got != tt.want {
			t.Errorf("%s: new is %t, want %t", tt.name, got, tt.want)
		}
	}
}
