using ConfSync.Services;

namespace ConfSync.Tests;

/// <summary>Sets of services that take part in a run.</summary>
internal static class SampleServices
{
    public static ServiceSet HAProxy { get; } = Of(ServiceDefinition.HAProxy);

    public static ServiceSet HAProxyAndNginx { get; } = Of(ServiceDefinition.HAProxy, ServiceDefinition.Nginx);

    public static ServiceSet All { get; } = Of([.. ServiceDefinition.BuiltIn]);

    /// <summary>nginx, with one of the administrator's own.</summary>
    public static ServiceSet OwnAndNginx { get; } = new([OwnService("proxy"), .. ServiceSet.Default.All]);

    /// <summary>All that differ in the parts of the script that they need.</summary>
    public static ServiceSet[] Every { get; } = [ServiceSet.Default, HAProxy, HAProxyAndNginx, All, OwnAndNginx];

    public static Service OwnService(string name) => new(new ServiceDefinition(name, $"/usr/sbin/{name}", [$"/etc/{name}"]), $"/usr/sbin/{name}")
    {
        Own = new OwnCommands("true", "true", "true", "true", TimeSpan.FromSeconds(10)),
    };

    public static ServiceSet Of(params ServiceDefinition[] definitions) => new([.. definitions.Select(definition => new Service(definition))]);

    /// <summary>As a test is named: "haproxy nginx".</summary>
    public static ServiceSet Named(string names) => new([.. names.Split(' ').Select(name =>
        ServiceDefinition.BuiltIn.SingleOrDefault(one => one.Name == name) is { } builtIn ? new Service(builtIn) : OwnService(name))]);
}
