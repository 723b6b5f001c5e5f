import { Controller, Get, Query } from '@nestjs/common';
import { NetworkService } from './network.service.js';

@Controller('network')
export class NetworkController {
  constructor(private readonly network: NetworkService) {}

  @Get('busiest-routes')
  busiestRoutes() {
    return this.network.busiestRoutes();
  }

  @Get('punctuality')
  punctuality() {
    return this.network.punctuality();
  }

  @Get('fares')
  fares(@Query('from') from: string, @Query('visitor') visitor: string) {
    return this.network.fares(from, visitor);
  }
}
