/** The whole pipeline, and the journal by itself: rows 3, 4 and 8, beside what ring and disk allow. */
package io.plimsoll.bench.pipeline;
