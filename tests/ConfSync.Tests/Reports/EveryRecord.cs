using System.Collections.Immutable;
using System.Reflection;
using ConfSync.Inventory;

namespace ConfSync.Tests.Reports;

/// <summary>One value of each record of a closed hierarchy, so that none can be added without its sentence.</summary>
internal static class EveryRecord
{
    public static NodeAddress Node { get; } = NodeAddress.TryParse("web1", out var node, out _) ? node : throw new InvalidOperationException();

    /// <typeparam name="T">The abstract record that the others are nested in.</typeparam>
    public static IReadOnlyList<T> Of<T>() => [.. Values(typeof(T)).Cast<T>()];

    private static IEnumerable<object> Values(Type closed) =>
        from type in closed.GetNestedTypes(BindingFlags.Public)
        where !type.IsAbstract && type.IsAssignableTo(closed)
        let constructor = type.GetConstructors().Single()
        select constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType))]);

    private static object? Value(Type type) => type switch
    {
        _ when type == typeof(string) => "words",
        _ when type == typeof(int) => 7,
        _ when type == typeof(bool) => true,
        _ when type == typeof(NodeAddress) => Node,
        _ when type == typeof(ImmutableArray<string>) => ImmutableArray.Create("/etc/nginx/a", "/etc/nginx/b"),
        _ => throw new InvalidOperationException($"a value of {type} is missing here"),
    };
}
