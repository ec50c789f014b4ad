/**
 * What would have happened: a journal decided again from a point on, under other policies, with other machines or other
 * sessions, and compared with what was recorded. Start reading at {@link io.plimsoll.loadtest.whatif.WhatIf}.
 */
package io.plimsoll.loadtest.whatif;
