using System.Collections.Immutable;

namespace ConfSync.Services;

/// <summary>
/// A kind of server program that a peer tests before a change is live, reloads afterwards, and sees serve. The folder
/// <c>Protocol/Script/service/NAME</c> of the peer's script says how: see "How a service is added" in docs/design.md.
/// </summary>
/// <param name="Name">The name of the service for people, in the script and in the protocol, and of its folder.</param>
/// <param name="Program">The absolute path of its program, unless the configuration says otherwise.</param>
/// <param name="Paths">The directories that it owns unless the configuration adds others.</param>
public sealed record ServiceDefinition(string Name, string Program, ImmutableArray<string> Paths)
{
    public static ServiceDefinition HAProxy { get; } = new("haproxy", "/usr/sbin/haproxy", ["/etc/haproxy"]);

    public static ServiceDefinition Keepalived { get; } = new("keepalived", "/usr/sbin/keepalived", ["/etc/keepalived"]);

    public static ServiceDefinition Nginx { get; } = new(NginxKind.Nginx.Name, NginxKind.Nginx.Program, NginxKind.Nginx.Paths);

    /// <summary>All services that this program knows, in the order in which a node reloads them.</summary>
    public static ImmutableArray<ServiceDefinition> BuiltIn { get; } = [HAProxy, Nginx, Keepalived];
}
