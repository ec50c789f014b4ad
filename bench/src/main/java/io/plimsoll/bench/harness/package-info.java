/** How figures are taken and shown: repeated runs, medians, histograms, the machine, tables and JSON. */
package io.plimsoll.bench.harness;
