/** The core alone, fed from memory on one thread: rows 1, 2, 7, 8 and 10. */
package io.plimsoll.bench.core;
