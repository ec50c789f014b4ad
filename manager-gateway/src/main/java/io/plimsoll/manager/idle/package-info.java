/**
 * Ends sessions that are not used: nothing goes in or out, or next to nothing of what they hold is used. Start reading
 * at {@link io.plimsoll.manager.idle.IdleStage}.
 */
package io.plimsoll.manager.idle;
