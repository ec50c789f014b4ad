/**
 * Tells URLs of what becomes of sessions: signed, in order per session, at least once. Start reading at
 * {@link io.plimsoll.manager.callback.CallbackStage}.
 */
package io.plimsoll.manager.callback;
