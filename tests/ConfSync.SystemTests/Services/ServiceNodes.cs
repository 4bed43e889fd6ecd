namespace ConfSync.SystemTests.Services;

/// <summary>What the tests of services say to a node, and ask it.</summary>
internal static class ServiceNodes
{
    /// <summary>A configuration of HAProxy that passes requests at port 8000 on to the node's nginx.</summary>
    /// <param name="more">A line more for the part that takes requests.</param>
    public static void WriteHAProxy(this Node node, string more = "") => node.Write("/etc/haproxy/haproxy.cfg", $"""
        global
          log /dev/log local0
          chroot /var/lib/haproxy
          stats socket /run/haproxy/admin.sock mode 660 level admin
          user haproxy
          group haproxy
        defaults
          mode http
          timeout connect 1s
          timeout client 10s
          timeout server 10s
        frontend web
          bind *:8000
          {more}
          default_backend nginx
        backend nginx
          server here 127.0.0.1:80

        """);

    /// <summary>Returns when HAProxy answers.</summary>
    public static Task RunsHAProxyAsync(this Node node) => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return (await node.HttpGetAsync(port: 8000)).Status == 200;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "HAProxy answers");
}
