using System.Collections.Immutable;

namespace ConfSync.Services;

/// <summary>
/// A kind of server program that a peer tests before a change is live, reloads afterwards, and sees to serve. How that is
/// done there is the peer's script, in the folder <c>Protocol/Script/service/NAME</c>: see "How a service is added" in
/// docs/design.md.
/// </summary>
/// <param name="Name">What people, the script and the protocol call it; also the name of its folder.</param>
/// <param name="Program">Where its program is unless the configuration says otherwise: an absolute path.</param>
public sealed record ServiceDefinition(string Name, string Program)
{
    public static ServiceDefinition Nginx { get; } = new("nginx", "/usr/sbin/nginx");

    /// <summary>All that this program knows.</summary>
    public static ImmutableArray<ServiceDefinition> BuiltIn { get; } = [Nginx];
}
