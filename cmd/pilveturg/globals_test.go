package main

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// What is kept for the whole program is set where it is declared and never again.
func TestNothingGlobalChanges(t *testing.T) {
	rooms := map[string][]goFile{}
	for _, s := range goFiles(t) {
		if !s.test() && s.dir() != "db/dbtest" { // tests count their databases
			rooms[s.dir()] = append(rooms[s.dir()], s)
		}
	}
	for _, all := range rooms {
		g := resolve(all)
		for _, s := range all {
			ast.Inspect(s.file, func(n ast.Node) bool {
				for _, e := range changed(n) {
					if name := g.global(e); name != "" {
						t.Errorf("%s: %s is global and changes", s.at(e.Pos()), name)
					}
				}
				return true
			})
			for _, d := range s.file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
					t.Errorf("%s: nothing runs before main", s.at(f.Pos()))
				}
				for _, name := range changeable(d) {
					t.Errorf("%s: %s is global and made to change", s.at(d.Pos()), name)
				}
			}
		}
	}
}

// changed returns what n assigns to, counts, empties or takes from.
func changed(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			return slices.DeleteFunc([]ast.Expr{n.Key, n.Value}, func(e ast.Expr) bool { return e == nil })
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			return []ast.Expr{n.X}
		}
	case *ast.CallExpr:
		f, ok := n.Fun.(*ast.Ident)
		if ok && len(n.Args) > 0 && (f.Name == "delete" || f.Name == "clear" || f.Name == "copy") {
			return n.Args[:1]
		}
	}
	return nil
}

// resolved tells what names stand for in one package.
type resolved struct {
	pkg  *types.Package
	info types.Info
}

// noImports leaves other packages out: their names are not needed.
type noImports struct{}

// Import implements [types.Importer].
func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("not needed") }

func resolve(all []goFile) resolved {
	var parsed []*ast.File
	for _, s := range all {
		parsed = append(parsed, s.file)
	}
	g := resolved{info: types.Info{Uses: map[*ast.Ident]types.Object{}}}
	c := types.Config{Importer: noImports{}, Error: func(error) {}}
	g.pkg, _ = c.Check(all[0].dir(), all[0].fset, parsed, &g.info) // it cannot be right without imports
	return g
}

// global returns the name of the global variable that e is, or is a part of.
func (g resolved) global(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return g.global(e.X)
	case *ast.IndexExpr:
		return g.global(e.X)
	case *ast.StarExpr:
		return g.global(e.X)
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			if p, ok := g.info.Uses[x].(*types.PkgName); ok {
				return p.Name() + "." + e.Sel.Name
			}
		}
		return g.global(e.X)
	case *ast.Ident:
		if v, ok := g.info.Uses[e].(*types.Var); ok && v.Parent() == g.pkg.Scope() {
			return e.Name
		}
	}
	return ""
}

// changeable returns the global variables whose types are there to be changed. A
// pool is none of them: nobody can tell what it holds.
func changeable(d ast.Decl) (names []string) {
	g, ok := d.(*ast.GenDecl)
	if !ok || g.Tok != token.VAR {
		return nil
	}
	for _, spec := range g.Specs {
		v := spec.(*ast.ValueSpec)
		sel, ok := v.Type.(*ast.SelectorExpr)
		if !ok {
			continue
		}
		kind := types.ExprString(sel)
		if strings.HasPrefix(kind, "atomic.") || slices.Contains([]string{"sync.Mutex", "sync.RWMutex", "sync.Map", "sync.Once", "sync.WaitGroup"}, kind) {
			names = append(names, v.Names[0].Name)
		}
	}
	return names
}
