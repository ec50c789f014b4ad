package io.plimsoll.manager.view;

import io.plimsoll.manager.control.AccountOptions;
import java.util.Map;

/**
 * An account; immutable. What it uses is what its sessions and those of all accounts below it do.
 *
 * @param options  what it is and may use.
 * @param used     of each slot, including what is held by kernels not proven gone.
 * @param sessions that have been placed and have not ended.
 * @param pending  sessions that wait.
 */
public record AccountView(AccountOptions options, Map<String, Long> used, long sessions, long pending)
{
}
