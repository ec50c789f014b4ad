/** Who may talk to whom: the cluster's certificate authority, join tokens, credentials, and files that hold secrets. */
package io.plimsoll.transport.auth;
