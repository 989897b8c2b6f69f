using Npgsql.Internal;
using Npgsql.Internal.Postgres;

namespace Pgvector.Npgsql;

/// <summary>Maps <c>vector</c> and <c>halfvec</c>, and arrays of them for <c>unnest($1::halfvec[])</c>.</summary>
internal sealed class VectorResolverFactory : PgTypeInfoResolverFactory
{
    public override IPgTypeInfoResolver CreateResolver() => new Resolver(Elements());

    public override IPgTypeInfoResolver CreateArrayResolver() => new Resolver(Arrays(Elements()));

    private static TypeInfoMappingCollection Elements()
    {
        TypeInfoMappingCollection mappings = new();
        mappings.AddType<Vector>(
            "vector",
            static (options, mapping, _) => mapping.CreateInfo(options, ElementsConverter.ForVector()),
            isDefault: true);
        mappings.AddType<HalfVector>(
            "halfvec",
            static (options, mapping, _) => mapping.CreateInfo(options, ElementsConverter.ForHalfVector()),
            isDefault: true);
        return mappings;
    }

    private static TypeInfoMappingCollection Arrays(TypeInfoMappingCollection elements)
    {
        TypeInfoMappingCollection mappings = new(elements);
        mappings.AddArrayType<Vector>("vector");
        mappings.AddArrayType<HalfVector>("halfvec");
        return mappings;
    }

    private sealed class Resolver(TypeInfoMappingCollection mappings) : IPgTypeInfoResolver
    {
        public PgTypeInfo? GetTypeInfo(Type? type, DataTypeName? dataTypeName, PgSerializerOptions options) =>
            mappings.Find(type, dataTypeName, options);
    }
}
