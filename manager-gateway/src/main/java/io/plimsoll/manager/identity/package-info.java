/**
 * Who may use the cluster, and how much of it. {@link io.plimsoll.manager.identity.IdentityService} is where reading
 * starts; {@link io.plimsoll.manager.identity.Identity} is what every request is held against.
 */
package io.plimsoll.manager.identity;
