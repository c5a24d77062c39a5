package identity

import (
	"context"
	"fmt"

	"pilveturg/db"
)

// BySlug returns the numbers of the organisations with a slug; several may have the same.
func BySlug(ctx context.Context, r db.Reader, slug string) (ids []int64, err error) {
	if err := r.Select(ctx, &ids, `/* identity.BySlug */ SELECT id FROM organisations WHERE slug = ? ORDER BY id`, slug); err != nil {
		return nil, fmt.Errorf("organisations called %s: %w", slug, err)
	}
	return ids, nil
}
