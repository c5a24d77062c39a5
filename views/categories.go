package views

// CategoriesPage is the tree that services are sorted into.
type CategoriesPage struct {
	Shell
	Tree []Branch
}

func (CategoriesPage) template() string { return "categories" }

// Branch is a category with those below it. Its link leads nowhere when it has no
// services.
type Branch struct {
	Link  Link
	Count string   // services in it and below
	CPV   []string // codes
	Below []Branch
}

// CategoryPage is one category and its services.
type CategoryPage struct {
	Shell
	Name  Words
	Text  Prose
	CPV   []Words // code and name
	Below []Branch
	Listed
	Empty    Empty // instead of a list without services
	Agencies []Counted
	More     string // how many agencies are not shown; "" when all are
}

func (CategoryPage) template() string { return "category" }
