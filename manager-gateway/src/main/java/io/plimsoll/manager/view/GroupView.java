package io.plimsoll.manager.view;

import io.plimsoll.manager.control.GroupOptions;

/**
 * A resource group; immutable.
 *
 * @param id      in the core.
 * @param name    unique.
 * @param options all of them.
 */
public record GroupView(int id, String name, GroupOptions options)
{
}
