/** A whole cluster on this machine, spoken to over its own API: rows 5, 6, 8 and 9, and real processes. */
package io.plimsoll.bench.e2e;
