// Package ubl reads electronic invoices and credit notes of EN 16931-1:2017 in the syntax
// UBL 2.1, as Peppol BIS Billing 3 carries them, judges them by the official rules, and
// makes of them what a ledger books.
package ubl
