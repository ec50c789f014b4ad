package io.plimsoll.manager.identity;

import java.time.Instant;

/**
 * What sessions are made from; one version of it.
 *
 * @param projectId   account of the project whose it is.
 * @param name        unique in the project.
 * @param version     from 1; 0: the next.
 * @param description for people.
 * @param session     fields of a session, as a JSON object.
 * @param author      who made this version.
 * @param createdAt   when that was.
 */
public record Template(
    int projectId, String name, int version, String description, String session, String author, Instant createdAt)
{
    /** Longest fields of a session in bytes. */
    public static final int LENGTH_MAX = 32 * 1024;
    /** Names in a project. */
    public static final int NAMES_MAX = 200;
    /** Versions of one that are kept. */
    public static final int VERSIONS_MAX = 20;
}
