using ConfSync.Services;

namespace ConfSync.Tests;

/// <summary>Sets of services that take part in a run.</summary>
internal static class SampleServices
{
    public static ServiceSet HAProxy { get; } = Of(ServiceDefinition.HAProxy);

    public static ServiceSet HAProxyAndNginx { get; } = Of(ServiceDefinition.HAProxy, ServiceDefinition.Nginx);

    public static ServiceSet All { get; } = Of([.. ServiceDefinition.BuiltIn]);

    /// <summary>All that differ in the parts of the script that they need.</summary>
    public static ServiceSet[] Every { get; } = [ServiceSet.Default, HAProxy, HAProxyAndNginx, All];

    public static ServiceSet Of(params ServiceDefinition[] definitions) => new([.. definitions.Select(definition => new Service(definition))]);

    /// <summary>As a test is named: "haproxy nginx".</summary>
    public static ServiceSet Named(string names) => Of([.. names.Split(' ').Select(name => ServiceDefinition.BuiltIn.Single(one => one.Name == name))]);
}
