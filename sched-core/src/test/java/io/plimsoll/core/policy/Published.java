package io.plimsoll.core.policy;

/** The policies by the names that the published tables give them. */
final class Published
{
    private Published()
    {
    }

    static SelectionPolicy policy(final String name)
    {
        return switch (name)
        {
            case "02-DotProd" -> new DotProduct();
            case "03-GpuClustering" -> new GpuClustering();
            case "04-GpuPacking" -> new GpuPacking();
            case "05-BestFit" -> new BestFit();
            case "06-FGD" -> new FragmentationGradient();
            default -> null;
        };
    }
}
