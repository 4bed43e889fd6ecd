namespace ConfSync.Reports;

/// <summary>
/// What to do where nginx on a node refuses a configuration that the primary's own nginx has just accepted. Then the cause is
/// often the node: a port that is taken there, a file, name or module that it does not have.
/// </summary>
internal static class NginxAdvice
{
    // What nginx prints, in nginx's source: ngx_connection.c, ngx_inet.c, ngx_conf_file.c, ngx_event_openssl.c and others. The
    // number is errno, whose words differ between C libraries.
    private static readonly (string[] Said, string Advice)[] OfNode =
    [
        (["bind() to ", " failed (98:"], "another program there has that address and port: ss -ltnp shows which; end it or move it"),
        (["bind() to ", " failed (99:"],
            "the node does not have that address. Where keepalived moves it, set net.ipv4.ip_nonlocal_bind=1 there (IPv6: " +
            "net.ipv6.ip_nonlocal_bind=1), or listen on all addresses"),
        (["bind() to ", " failed (13:"], "nginx may not use that port there: is its master root's, and does SELinux allow the port (semanage port)?"),
        (["host not found in "], "the node cannot resolve that name: see its /etc/resolv.conf and /etc/hosts, or write the address"),
        (["getpwnam("], "the node has no such user: create it there"),
        (["getgrnam("], "the node has no such group: create it there"),
        (["unknown directive "], "the node's nginx does not know that: install the same version and modules there as here"),
        (["is not binary compatible"], "the node's nginx is of another build than that module: install the same version and modules there as here"),
        (["dlopen() "], "the node's nginx cannot load that module: install the same version and modules there as here"),
        ([" failed (2:"], "the node does not have that file: put it there, or add it to CONFPATHS"),
        (["No such file or directory"], "the node does not have that file: put it there, or add it to CONFPATHS"),
        ([" failed (13:"], "nginx may not read that there: see its owner and mode, those of the directories above it, and SELinux (ausearch -m avc)"),
        ([" failed (24:"], "nginx has too many files open there: raise its limit (worker_rlimit_nofile, LimitNOFILE= of its unit)"),
        ([" failed (28:"], "a file system there is full: make room"),
    ];

    /// <param name="said">The output of nginx's test, or the reason why its reload failed.</param>
    /// <returns>What to do, without a full stop.</returns>
    public static string Of(string said)
    {
        foreach (var line in said.Split('\n').Where(line => line.Contains("[emerg]", StringComparison.Ordinal)))
        {
            foreach (var (parts, advice) in OfNode)
            {
                if (parts.All(part => line.Contains(part, StringComparison.Ordinal))) return $"{advice}; then run nginx-sync again";
            }
        }
        return "correct the configuration here and run nginx-sync again";
    }
}
