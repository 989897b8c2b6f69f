using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Memory.Client;
using Memory.Testing;

namespace Memory.Api.Tests.Client;

/// <summary>What the package promises to those who build on it changes on purpose only.</summary>
public sealed class PublicApiTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void The_public_types_and_members_are_as_they_were()
    {
        var text = new StringBuilder();
        foreach (Type type in typeof(MemoryClient).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(NameOf(type)).Append(type.BaseType is { } parent && parent != typeof(object) ? $" : {NameOf(parent)}" : "").Append('\n');
            foreach (string member in type.GetMembers(Declared).Select(LineOf).OfType<string>().Order(StringComparer.Ordinal))
                text.Append("  ").Append(member).Append('\n');
        }

        Snapshot.Matches("Memory.Api.Tests/Client/PublicApi", text.ToString());
    }

    private static string? LineOf(MemberInfo member) => member switch
    {
        _ when member.IsDefined(typeof(CompilerGeneratedAttribute)) => null,
        ConstructorInfo made when IsSeen(made) => $"new({ParametersOf(made)})",
        MethodInfo { IsSpecialName: false } method when IsSeen(method) => $"{NameOf(method.ReturnType)} {method.Name}({ParametersOf(method)})",
        PropertyInfo property when property.GetMethod is { } get && IsSeen(get) =>
            $"{NameOf(property.PropertyType)} {property.Name} {{ get; {(property.SetMethod is not { IsPublic: true } set ? "" : IsInit(set) ? "init; " : "set; ")}}}",
        FieldInfo { IsPublic: true, IsSpecialName: false } field => $"{NameOf(field.FieldType)} {field.Name}",
        _ => null,
    };

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsInit(MethodInfo set) => set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string ParametersOf(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(one => $"{NameOf(one.ParameterType)} {one.Name}{(one.HasDefaultValue ? $" = {one.DefaultValue ?? "default"}" : "")}"));

    private static string NameOf(Type type) => type switch
    {
        _ when Nullable.GetUnderlyingType(type) is { } value => NameOf(value) + "?",
        { IsGenericType: true } => $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>",
        { IsNested: true, IsGenericParameter: false } => $"{NameOf(type.DeclaringType!)}.{type.Name}",
        _ => type.Name,
    };
}
