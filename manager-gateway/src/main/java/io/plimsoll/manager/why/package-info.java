/**
 * The story of one session, from a journal: what it waited for, who went first, and what made it start. Reading starts
 * at {@link io.plimsoll.manager.why.WaitStoryteller}.
 */
package io.plimsoll.manager.why;
