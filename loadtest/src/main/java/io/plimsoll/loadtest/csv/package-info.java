/** Files of rows and columns, with a place for every mistake. {@link io.plimsoll.loadtest.csv.CsvTable} reads them. */
package io.plimsoll.loadtest.csv;
