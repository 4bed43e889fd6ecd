using System.Collections.Immutable;

namespace ConfSync.Services;

/// <summary>nginx, or a relative of it: a program that is tested, reloaded and seen to serve in the same way, under another name and
/// in other places. Which pid file it has, it says itself (<c>-V</c>).</summary>
/// <param name="Name">For people, and for SERVICES.</param>
/// <param name="Program">The absolute path that its packages give it.</param>
/// <param name="Paths">Where its packages, or its own installation, keep its configuration.</param>
public sealed record NginxKind(string Name, string Program, ImmutableArray<string> Paths)
{
    public static NginxKind Nginx { get; } = new("nginx", "/usr/sbin/nginx", ["/etc/nginx"]);

    /// <summary>All that are known. The first one counts where nothing tells.</summary>
    public static ImmutableArray<NginxKind> All { get; } =
    [
        Nginx,
        new("openresty", "/usr/local/openresty/nginx/sbin/nginx", ["/usr/local/openresty/nginx/conf", "/etc/openresty"]),
        new("angie", "/usr/sbin/angie", ["/etc/angie"]),
        new("freenginx", "/usr/sbin/freenginx", ["/etc/freenginx"]),
        new("tengine", "/usr/sbin/tengine", ["/etc/tengine"]),
    ];

    /// <summary>The one whose program has this path, or else its name: nginx for any other.</summary>
    public static NginxKind OfProgram(string path) =>
        All.FirstOrDefault(kind => kind.Program == path) ?? All.FirstOrDefault(kind => kind.Name == Path.GetFileName(path)) ?? Nginx;
}
