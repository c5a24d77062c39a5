package models

import "testing"

func TestActorsAreAskedWhatTheyMay(t *testing.T) {
	buyer := Actor{AccountID: 12, OrgID: 3, Roles: []Role{Buyer, Approver}, Rights: []Right{Draft}}
	for _, tt := range []struct {
		name string
		got  bool
		want bool
	}{
		{"a role that is held", buyer.Is(Approver), true},
		{"a role that is not", buyer.Is(Administrator), false},
		{"one of several roles", buyer.IsAny(Finance, Buyer), true},
		{"none of several roles", buyer.IsAny(Finance, Analyst), false},
		{"one of no roles", buyer.IsAny(), false},
		{"a right that was given", buyer.May(Draft), true},
		{"a right that was not", buyer.May(Publish), false},
		{"a right without the role that it belongs to", Actor{AccountID: 1, Rights: []Right{Draft}}.May(Draft), false},
		{"a person", buyer.SignedIn(), true},
		{"a visitor", Actor{From: "192.0.2.1"}.SignedIn(), false},
		{"a command", Actor{Program: "command undo", Roles: []Role{Administrator}}.SignedIn(), false},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %t, want %t", tt.name, tt.got, tt.want)
		}
	}
}

func TestActorsAreNamed(t *testing.T) {
	for want, a := range map[string]Actor{
		"visitor": {From: "192.0.2.1"}, "account 12": {AccountID: 12, OrgID: 3}, "command undo": {Program: "command undo"},
	} {
		if got := a.Name(); got != want {
			t.Errorf("%+v is named %q, want %q", a, got, want)
		}
	}
}
