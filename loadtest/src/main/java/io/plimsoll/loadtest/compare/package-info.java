/** What differs between results, and whether chance alone would have it so. */
package io.plimsoll.loadtest.compare;
