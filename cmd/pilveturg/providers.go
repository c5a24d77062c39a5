package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/oidc"
)

// settingOIDC is the setting that lists the providers of identities.
const settingOIDC = "oidc"

// readProviders reads the providers of identities: the value of the setting is their
// list, or the file that holds it. Their secrets may stand in variables of their own,
// which are taken out of env.
func (c *config) readProviders(env map[string]string) error {
	i := slices.IndexFunc(c.sources, func(s source) bool { return s.name == settingOIDC })
	from := &c.sources[i]
	if from.value == "" {
		return nil
	}
	list := strings.TrimSpace(from.value)
	inline := strings.HasPrefix(list, "[")
	if !inline {
		b, err := os.ReadFile(from.value)
		if err != nil {
			return wrongUsage("%s: %w", from.from, err)
		}
		list = string(b)
	}
	var err error
	if c.providers, err = oidc.Parse(list, func(id string) string { return env[secretOf(id)] }, os.ReadFile); err != nil {
		return wrongUsage("%s: %w", from.from, err)
	}
	var ids []string
	for _, p := range c.providers {
		ids = append(ids, p.ID)
		delete(env, secretOf(p.ID))
	}
	if inline {
		from.value = strings.Join(ids, ", ") // to be shown: the list may hold secrets
	} else {
		from.value = fmt.Sprintf("%s (%s)", from.value, strings.Join(ids, ", "))
	}
	return nil
}

// secretOf is the variable that may hold the secret of a provider.
func secretOf(id string) string {
	return prefix + "OIDC_" + strings.ToUpper(strings.ReplaceAll(id, "-", "_")) + "_SECRET"
}

// clients are the providers, each asked for what it is, without waiting for that.
func clients(all []oidc.Config, d *db.DB) []*oidc.Client {
	var list []*oidc.Client
	for _, c := range all {
		p := oidc.New(c, func() time.Time { return d.Now() })
		p.Reachable()
		list = append(list, p)
	}
	return list
}
